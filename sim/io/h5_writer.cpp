#include <fmt/core.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "sim/core/check.h"
#include "sim/io/h5_file.h"
#include "sim/io/h5_handle.h"

namespace musi::sim::io {
namespace {

constexpr unsigned deflate_level = 4;
constexpr std::size_t most_attribute_bytes = 60'000;  ///< HDF5 keeps at most 64 KiB in a header
constexpr std::size_t least_chunked_bytes = 2048;
constexpr unsigned creation_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

std::size_t bytes_of(H5Type type) {
  switch (type) {
    case H5Type::int8: return 1;
    case H5Type::int16: return 2;
    case H5Type::int32:
    case H5Type::float32: return 4;
    case H5Type::float64: return 8;
    default: return 16;
  }
}

hid_t file_type(H5Type type) {
  switch (type) {
    case H5Type::int8: return H5T_STD_I8LE;
    case H5Type::int16: return H5T_STD_I16LE;
    case H5Type::int32: return H5T_STD_I32LE;
    case H5Type::float32: return H5T_IEEE_F32LE;
    case H5Type::float64: return H5T_IEEE_F64LE;
    default: break;
  }
  throw ContractError("texts have no number type");
}

bool is_whole(H5Type type) {
  return type == H5Type::int8 || type == H5Type::int16 || type == H5Type::int32;
}

double largest_whole(H5Type type) {
  switch (type) {
    case H5Type::int8: return 127;
    case H5Type::int16: return 32767;
    default: return 2147483647;
  }
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

std::string leaf_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

/// Whole numbers of a dataset of whole numbers from numbers; NaN becomes the fill value.
template <class Number>
std::vector<std::int32_t> wholes_of(const H5Variable& variable, std::span<const Number> values) {
  std::vector<std::int32_t> wholes;
  wholes.reserve(values.size());
  for (const Number value : values) {
    const double number =
        std::isnan(static_cast<double>(value)) && variable.missing ? *variable.missing
                                                                   : static_cast<double>(value);
    if (!(std::abs(number) <= largest_whole(variable.type)) || number != std::trunc(number)) {
      throw ContractError(fmt::format("dataset '{}' cannot hold {}", variable.path, number));
    }
    wholes.push_back(static_cast<std::int32_t>(number));
  }
  return wholes;
}

}  // namespace

struct H5Writer::State {
  struct Dimension {
    std::size_t size;
    std::string path;
  };

  State(const std::string& target, Existing existing) : atomic(target, existing) {}

  /// Value of a call, or IoError with the reason.
  template <class Result>
  Result ok(Result result) const {
    if (result < 0) fail();
    return result;
  }

  [[noreturn]] void fail() const {
    const H5Fault fault = last_h5_fault();
    const bool is_full = fault.error_number == ENOSPC || fault.error_number == EDQUOT;
    throw IoError(is_full ? "disk_full" : "cannot_write",
                  fmt::format("cannot write '{}': {}", atomic.target(),
                              fault.error_number != 0 ? std::strerror(fault.error_number)
                                                      : fault.message.c_str()));
  }

  H5Handle object_list(hid_t list_class) const {
    H5Handle list(ok(H5Pcreate(list_class)), H5Pclose);
    ok(H5Pset_obj_track_times(list.id(), false));
    ok(H5Pset_attr_creation_order(list.id(), creation_order));
    if (list_class != H5P_DATASET_CREATE) ok(H5Pset_link_creation_order(list.id(), creation_order));
    return list;
  }

  void open() {
    quieten_h5();
    const H5Handle access = h5_file_access();
    ok(H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18));
    const H5Handle creation = object_list(H5P_FILE_CREATE);
    file = H5Handle(
        ok(H5Fcreate(atomic.temporary().c_str(), H5F_ACC_TRUNC, creation.id(), access.id())),
        H5Fclose);
  }

  /// The dimension of that name in the group or its parents.
  const Dimension& dimension(const std::string& group, const std::string& name) const {
    const auto own = dimensions.find(group.empty() ? name : group + "/" + name);
    const auto found = own != dimensions.end() ? own : dimensions.find(name);
    if (found == dimensions.end()) {
      throw ContractError(fmt::format("there is no dimension '{}'", name));
    }
    return found->second;
  }

  std::vector<hsize_t> shape(const H5Variable& variable) const {
    std::vector<hsize_t> sizes;
    for (const std::string& dim : variable.dims) {
      sizes.push_back(dimension(parent_of(variable.path), dim).size);
    }
    return sizes;
  }

  std::vector<hsize_t> chunks(const H5Variable& variable,
                              const std::vector<hsize_t>& sizes) const {
    std::vector<hsize_t> sides = sizes;
    for (std::size_t i = 0; i < sides.size(); ++i) {
      hsize_t most = sides[i];
      if (!variable.chunk.empty() && variable.chunk[i] > 0) most = variable.chunk[i];
      if (variable.chunk.empty() && variable.dims[i] == "option") most = 1;
      if (variable.chunk.empty() && variable.dims[i] == "replicate") most = 64;
      sides[i] = std::min(sides[i], most);
    }
    return sides;
  }

  H5Handle create(const H5Variable& variable) {
    const std::vector<hsize_t> sizes = shape(variable);
    std::size_t n = 1;
    for (const hsize_t size : sizes) n *= size;
    const H5Handle space(sizes.empty() ? ok(H5Screate(H5S_SCALAR))
                                       : ok(H5Screate_simple(static_cast<int>(sizes.size()),
                                                             sizes.data(), nullptr)),
                         H5Sclose);
    const bool is_text = variable.type == H5Type::text;
    const H5Handle creation = object_list(H5P_DATASET_CREATE);
    if (!is_text && !sizes.empty() && n * bytes_of(variable.type) >= least_chunked_bytes) {
      const std::vector<hsize_t> sides = chunks(variable, sizes);
      ok(H5Pset_chunk(creation.id(), static_cast<int>(sides.size()), sides.data()));
      ok(H5Pset_shuffle(creation.id()));
      ok(H5Pset_deflate(creation.id(), deflate_level));
    }
    if (variable.missing) {
      ok(H5Pset_fill_value(creation.id(), H5T_NATIVE_DOUBLE, &*variable.missing));
    }
    const H5Handle text_type = h5_text_type();
    H5Handle dataset(
        ok(H5Dcreate2(file.id(), variable.path.c_str(),
                      is_text ? text_type.id() : file_type(variable.type), space.id(), H5P_DEFAULT,
                      creation.id(), H5P_DEFAULT)),
        H5Dclose);
    attach(variable, dataset);
    for (const H5Attribute& attribute : variable.attributes) write(dataset.id(), attribute);
    if (variable.missing) {
      write_number(dataset.id(), "_FillValue", variable.type, *variable.missing);
    }
    return dataset;
  }

  void attach(const H5Variable& variable, const H5Handle& dataset) {
    for (std::size_t axis = 0; axis < variable.dims.size(); ++axis) {
      const Dimension& scale_place = dimension(parent_of(variable.path), variable.dims[axis]);
      const H5Handle scale(ok(H5Dopen2(file.id(), scale_place.path.c_str(), H5P_DEFAULT)),
                           H5Dclose);
      ok(H5DSattach_scale(dataset.id(), scale.id(), static_cast<unsigned>(axis)));
      ok(H5DSset_label(dataset.id(), static_cast<unsigned>(axis), variable.dims[axis].c_str()));
    }
  }

  void write_number(hid_t object, const std::string& name, H5Type type, double value) {
    const H5Handle space(ok(H5Screate(H5S_SCALAR)), H5Sclose);
    const H5Handle attribute(ok(H5Acreate2(object, name.c_str(), file_type(type), space.id(),
                                           H5P_DEFAULT, H5P_DEFAULT)),
                             H5Aclose);
    ok(H5Awrite(attribute.id(), H5T_NATIVE_DOUBLE, &value));
  }

  void write(hid_t object, const H5Attribute& attribute) {
    if (const auto* whole = std::get_if<std::int32_t>(&attribute.value)) {
      return write_number(object, attribute.name, H5Type::int32, *whole);
    }
    if (const auto* number = std::get_if<double>(&attribute.value)) {
      return write_number(object, attribute.name, H5Type::float64, *number);
    }
    const auto& text = std::get<std::string>(attribute.value);
    MUSI_EXPECT(text.size() < most_attribute_bytes);
    const H5Handle type = h5_text_type(text.size() + 1);
    const H5Handle space(ok(H5Screate(H5S_SCALAR)), H5Sclose);
    const H5Handle made(ok(H5Acreate2(object, attribute.name.c_str(), type.id(), space.id(),
                                      H5P_DEFAULT, H5P_DEFAULT)),
                        H5Aclose);
    ok(H5Awrite(made.id(), type.id(), text.c_str()));
  }

  void write_texts(const H5Handle& dataset, std::span<const std::string> values) {
    std::vector<const char*> pointers;
    for (const std::string& value : values) {
      MUSI_EXPECT(value.find('\0') == std::string::npos);
      pointers.push_back(value.c_str());
    }
    const H5Handle type = h5_text_type();
    ok(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()));
  }

  template <class Number>
  void write_all(const H5Variable& variable, hid_t memory_type, std::span<const Number> values) {
    std::size_t n = 1;
    for (const hsize_t size : shape(variable)) n *= size;
    if (values.size() != n) {
      throw ContractError(
          fmt::format("dataset '{}': {} values instead of {}", variable.path, values.size(), n));
    }
    const H5Handle dataset = create(variable);
    if constexpr (!std::is_same_v<Number, std::int32_t>) {
      if (is_whole(variable.type)) {
        const std::vector<std::int32_t> wholes = wholes_of(variable, values);
        ok(H5Dwrite(dataset.id(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, wholes.data()));
        return;
      }
    }
    ok(H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  }

  /// Entries of the second dimension from `first` on, as many as `n_values` make.
  void write_rows(const std::string& path, std::size_t index, std::size_t first,
                  std::size_t n_values, hid_t memory_type, const void* values) {
    const H5Handle dataset(ok(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT)), H5Dclose);
    const H5Handle space(ok(H5Dget_space(dataset.id())), H5Sclose);
    std::vector<hsize_t> count(
        static_cast<std::size_t>(ok(H5Sget_simple_extent_ndims(space.id()))));
    MUSI_EXPECT(!count.empty());
    ok(H5Sget_simple_extent_dims(space.id(), count.data(), nullptr));
    std::vector<hsize_t> start(count.size());
    MUSI_EXPECT(index < count[0]);
    start[0] = index;
    count[0] = 1;
    if (count.size() > 1) {
      hsize_t of_entry = 1;
      for (std::size_t d = 2; d < count.size(); ++d) of_entry *= count[d];
      MUSI_EXPECT(of_entry == 0 || n_values % of_entry == 0);
      const hsize_t n_entries = of_entry == 0 ? count[1] : n_values / of_entry;
      MUSI_EXPECT(first + n_entries <= count[1]);
      start[1] = first;
      count[1] = n_entries;
    }
    hsize_t n = 1;
    for (const hsize_t size : count) n *= size;
    MUSI_EXPECT(n_values == n);
    ok(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                           nullptr));
    const H5Handle memory(ok(H5Screate_simple(1, &n, nullptr)), H5Sclose);
    ok(H5Dwrite(dataset.id(), memory_type, memory.id(), space.id(), H5P_DEFAULT, values));
  }

  void write_row(const std::string& path, std::size_t index, std::size_t n_values,
                 hid_t memory_type, const void* values) {
    const H5Handle dataset(ok(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT)), H5Dclose);
    const H5Handle space(ok(H5Dget_space(dataset.id())), H5Sclose);
    const hssize_t n = ok(H5Sget_simple_extent_npoints(space.id()));
    hsize_t n_rows = 0;
    std::vector<hsize_t> sizes(
        static_cast<std::size_t>(ok(H5Sget_simple_extent_ndims(space.id()))));
    MUSI_EXPECT(!sizes.empty());
    ok(H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr));
    n_rows = sizes[0];
    MUSI_EXPECT(n_values * n_rows == static_cast<hsize_t>(n));
    write_rows(path, index, 0, n_values, memory_type, values);
  }

  /// Creates the coordinate variable of a dimension, and the dimension by it.
  template <class Value>
  void make_dimension(const std::string& path, H5Type type, std::span<const Value> values,
                      const H5Attributes& attributes) {
    MUSI_EXPECT(!values.empty());
    const H5Handle creation = object_list(H5P_DATASET_CREATE);
    const hsize_t size = values.size();
    const H5Handle space(ok(H5Screate_simple(1, &size, nullptr)), H5Sclose);
    const H5Handle text_type = h5_text_type();
    const H5Handle dataset(
        ok(H5Dcreate2(file.id(), path.c_str(),
                      type == H5Type::text ? text_type.id() : file_type(type), space.id(),
                      H5P_DEFAULT, creation.id(), H5P_DEFAULT)),
        H5Dclose);
    ok(H5DSset_scale(dataset.id(), leaf_of(path).c_str()));
    for (const H5Attribute& attribute : attributes) write(dataset.id(), attribute);
    if constexpr (std::is_same_v<Value, std::string>) {
      write_texts(dataset, values);
    } else {
      const hid_t memory = type == H5Type::int32 ? H5T_NATIVE_INT32 : H5T_NATIVE_DOUBLE;
      ok(H5Dwrite(dataset.id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    }
    dimensions[path] = {values.size(), path};
  }

  AtomicFile atomic;
  H5Handle file;
  std::map<std::string, Dimension> dimensions;
};

H5Writer::H5Writer(const std::string& target, Existing existing)
    : state_(std::make_unique<State>(target, existing)) {
  state_->open();
}

H5Writer::~H5Writer() = default;

void H5Writer::group(const std::string& path) {
  const H5Handle creation = state_->object_list(H5P_GROUP_CREATE);
  const H5Handle made(state_->ok(H5Gcreate2(state_->file.id(), path.c_str(), H5P_DEFAULT,
                                            creation.id(), H5P_DEFAULT)),
                      H5Gclose);
}

void H5Writer::attribute(const std::string& object, const H5Attribute& attribute) {
  const H5Handle opened(state_->ok(H5Oopen(state_->file.id(), object.c_str(), H5P_DEFAULT)),
                        H5Oclose);
  state_->write(opened.id(), attribute);
}

void H5Writer::dimension(const std::string& path, std::span<const std::int32_t> values,
                         const H5Attributes& attributes) {
  state_->make_dimension(path, H5Type::int32, values, attributes);
}

void H5Writer::dimension(const std::string& path, std::span<const double> values,
                         const H5Attributes& attributes) {
  state_->make_dimension(path, H5Type::float64, values, attributes);
}

void H5Writer::dimension(const std::string& path, std::span<const std::string> values,
                         const H5Attributes& attributes) {
  state_->make_dimension(path, H5Type::text, values, attributes);
}

void H5Writer::variable(const H5Variable& variable, std::span<const double> values) {
  state_->write_all(variable, H5T_NATIVE_DOUBLE, values);
}

void H5Writer::variable(const H5Variable& variable, std::span<const float> values) {
  state_->write_all(variable, H5T_NATIVE_FLOAT, values);
}

void H5Writer::variable(const H5Variable& variable, std::span<const std::int32_t> values) {
  state_->write_all(variable, H5T_NATIVE_INT32, values);
}

void H5Writer::variable(const H5Variable& variable, std::span<const std::string> values) {
  MUSI_EXPECT(variable.type == H5Type::text);
  std::size_t n = 1;
  for (const hsize_t size : state_->shape(variable)) n *= size;
  MUSI_EXPECT(values.size() == n);
  const H5Handle dataset = state_->create(variable);
  state_->write_texts(dataset, values);
}

void H5Writer::variable(const H5Variable& variable) { state_->create(variable); }

void H5Writer::rows(const std::string& path, std::size_t index, std::size_t first,
                    std::span<const double> values) {
  state_->write_rows(path, index, first, values.size(), H5T_NATIVE_DOUBLE, values.data());
}

void H5Writer::rows(const std::string& path, std::size_t index, std::size_t first,
                    std::span<const float> values) {
  state_->write_rows(path, index, first, values.size(), H5T_NATIVE_FLOAT, values.data());
}

void H5Writer::rows(const std::string& path, std::size_t index, std::size_t first,
                    std::span<const std::int32_t> values) {
  state_->write_rows(path, index, first, values.size(), H5T_NATIVE_INT32, values.data());
}

void H5Writer::row(const std::string& path, std::size_t index, std::span<const double> values) {
  state_->write_row(path, index, values.size(), H5T_NATIVE_DOUBLE, values.data());
}

void H5Writer::row(const std::string& path, std::size_t index, std::span<const float> values) {
  state_->write_row(path, index, values.size(), H5T_NATIVE_FLOAT, values.data());
}

void H5Writer::row(const std::string& path, std::size_t index,
                   std::span<const std::int32_t> values) {
  state_->write_row(path, index, values.size(), H5T_NATIVE_INT32, values.data());
}

void H5Writer::text(const std::string& path, const std::string& value,
                    const H5Attributes& attributes) {
  H5Variable scalar;
  scalar.path = path;
  scalar.type = H5Type::text;
  scalar.attributes = attributes;
  variable(scalar, std::span(&value, 1));
}

void H5Writer::finish() {
  state_->ok(H5Fflush(state_->file.id(), H5F_SCOPE_GLOBAL));
  state_->ok(state_->file.reset());
  state_->atomic.commit();
}

}  // namespace musi::sim::io
