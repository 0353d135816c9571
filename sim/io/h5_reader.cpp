#include <fmt/core.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "sim/core/check.h"
#include "sim/io/h5_file.h"
#include "sim/io/h5_handle.h"
#include "sim/io/text.h"

namespace musi::sim::io {
namespace {

/// Reads the bytes that a text of variable length points to, then gives them back to HDF5.
std::string take(char* text) {
  if (text == nullptr) return {};
  std::string copy = text;
  H5free_memory(text);
  return copy;
}

herr_t note_name(hid_t, const char* name, const H5L_info_t*, void* context) {
  static_cast<std::vector<std::string>*>(context)->push_back(name);
  return 0;
}

herr_t note_attribute(hid_t, const char* name, const H5A_info_t*, void* context) {
  static_cast<std::vector<std::string>*>(context)->push_back(name);
  return 0;
}

/// Names of scales by where they lie in the file: to find one, HDF5 looks through all groups.
using ScaleNames = std::map<haddr_t, std::string>;

struct WantedScale {
  ScaleNames& known;
  std::string name;
};

herr_t note_scale(hid_t, unsigned, hid_t scale, void* context) {
  auto& wanted = *static_cast<WantedScale*>(context);
  H5O_info_t info;
  if (H5Oget_info2(scale, &info, H5O_INFO_BASIC) < 0) return -1;
  auto found = wanted.known.find(info.addr);
  if (found == wanted.known.end()) {
    char path[1024] = {};
    if (H5Iget_name(scale, path, sizeof path) < 0) return -1;
    const std::string_view whole = path;
    found = wanted.known.emplace(info.addr, whole.substr(whole.rfind('/') + 1)).first;
  }
  wanted.name = found->second;
  return 1;  // the first one is enough
}

}  // namespace

struct H5Reader::State {
  std::string path;
  H5Handle file;
  mutable ScaleNames scale_names;

  [[noreturn]] void damaged(const std::string& what) const {
    throw IoError("truncated",
                  fmt::format("'{}' is damaged: cannot read {}", printable(path), what));
  }

  H5Handle dataset(const std::string& name) const {
    H5Handle opened(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
    if (!opened.is_open()) damaged(name);
    return opened;
  }

  std::vector<std::size_t> shape(const H5Handle& opened) const {
    const H5Handle space(H5Dget_space(opened.id()), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space.id());
    MUSI_ENSURE(rank >= 0);
    std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
    if (rank > 0) H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr);
    return {sizes.begin(), sizes.end()};
  }

  /// Turns the fill value of whole numbers into NaN.
  void mark_missing(const H5Handle& opened, std::vector<double>& values) const {
    if (H5Aexists(opened.id(), "_FillValue") <= 0) return;
    const H5Handle attribute(H5Aopen(opened.id(), "_FillValue", H5P_DEFAULT), H5Aclose);
    double missing = 0.0;
    if (H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, &missing) < 0) return;
    for (double& value : values) {
      if (value == missing) value = std::numeric_limits<double>::quiet_NaN();
    }
  }
};

H5Reader::H5Reader(const std::string& file) : state_(std::make_unique<State>()) {
  quieten_h5();
  state_->path = file;
  const std::string start = [&file] {
    FILE* opened = std::fopen(file.c_str(), "rb");
    if (opened == nullptr) {
      throw IoError("cannot_open", fmt::format("cannot open '{}': {}", printable(file),
                                               std::strerror(errno)));
    }
    char bytes[8] = {};
    errno = 0;
    const std::size_t n = std::fread(bytes, 1, sizeof bytes, opened);
    const int error = std::ferror(opened) != 0 ? errno : 0;
    std::fclose(opened);
    if (error != 0) {
      throw IoError("cannot_open",
                    fmt::format("cannot read '{}': {}", printable(file), std::strerror(error)));
    }
    return std::string(bytes, n);
  }();
  if (start != std::string_view("\x89HDF\r\n\x1a\n", 8)) {
    throw IoError("foreign", fmt::format("'{}' is no HDF5 file", printable(file)));
  }
  const H5Handle access = h5_file_access();
  state_->file = H5Handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
  if (!state_->file.is_open()) {
    throw IoError("truncated", fmt::format("'{}' is cut off or damaged: {}", printable(file),
                                           last_h5_fault().message));
  }
}

H5Reader::~H5Reader() = default;
H5Reader::H5Reader(H5Reader&&) noexcept = default;
H5Reader& H5Reader::operator=(H5Reader&&) noexcept = default;

const std::string& H5Reader::file() const { return state_->path; }

bool H5Reader::exists(const std::string& path) const {
  if (path == "/") return true;
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    if (H5Lexists(state_->file.id(), path.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
    if (slash == std::string::npos) return true;
  }
}

std::vector<std::string> H5Reader::names(const std::string& group) const {
  std::vector<std::string> found;
  const H5Handle opened(H5Gopen2(state_->file.id(), group.c_str(), H5P_DEFAULT), H5Gclose);
  if (!opened.is_open()) state_->damaged(group);
  if (H5Literate(opened.id(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, note_name, &found) < 0) {
    found.clear();  // made by another program, without creation order
    H5Literate(opened.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, note_name, &found);
  }
  return found;
}

bool H5Reader::is_group(const std::string& path) const {
  const H5Handle opened(H5Oopen(state_->file.id(), path.c_str(), H5P_DEFAULT), H5Oclose);
  return opened.is_open() && H5Iget_type(opened.id()) == H5I_GROUP;
}

H5Type H5Reader::type(const std::string& path) const {
  const H5Handle dataset = state_->dataset(path);
  const H5Handle type(H5Dget_type(dataset.id()), H5Tclose);
  const std::size_t size = H5Tget_size(type.id());
  switch (H5Tget_class(type.id())) {
    case H5T_STRING: return H5Type::text;
    case H5T_FLOAT:
      return size == 4 ? H5Type::float32 : size == 8 ? H5Type::float64 : H5Type::other;
    case H5T_INTEGER: break;
    default: return H5Type::other;
  }
  if (H5Tget_sign(type.id()) != H5T_SGN_2) return H5Type::other;
  return size == 1   ? H5Type::int8
         : size == 2 ? H5Type::int16
         : size == 4 ? H5Type::int32
                     : H5Type::other;
}

std::vector<std::size_t> H5Reader::shape(const std::string& path) const {
  return state_->shape(state_->dataset(path));
}

std::vector<std::string> H5Reader::dims(const std::string& path) const {
  const H5Handle dataset = state_->dataset(path);
  std::vector<std::string> names(state_->shape(dataset).size());
  if (H5DSis_scale(dataset.id()) > 0) {
    names.assign(names.size(), path.substr(path.rfind('/') + 1));
    return names;
  }
  for (std::size_t axis = 0; axis < names.size(); ++axis) {
    if (H5DSget_num_scales(dataset.id(), static_cast<unsigned>(axis)) <= 0) continue;
    WantedScale wanted{state_->scale_names, ""};
    H5DSiterate_scales(dataset.id(), static_cast<unsigned>(axis), nullptr, note_scale, &wanted);
    names[axis] = std::move(wanted.name);
  }
  return names;
}

std::vector<double> H5Reader::numbers(const std::string& path) const {
  const H5Handle dataset = state_->dataset(path);
  std::size_t n = 1;
  for (const std::size_t size : state_->shape(dataset)) n *= size;
  std::vector<double> values(n);
  if (H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    state_->damaged(path);
  }
  state_->mark_missing(dataset, values);
  return values;
}

std::vector<double> H5Reader::row(const std::string& path, std::size_t index) const {
  const std::vector<std::size_t> sizes = shape(path);
  MUSI_EXPECT(!sizes.empty());
  return rows(path, index, 0, sizes.size() > 1 ? sizes[1] : 0);
}

std::vector<double> H5Reader::rows(const std::string& path, std::size_t index, std::size_t first,
                                   std::size_t n_entries) const {
  const H5Handle dataset = state_->dataset(path);
  const std::vector<std::size_t> sizes = state_->shape(dataset);
  MUSI_EXPECT(!sizes.empty() && index < sizes[0]);
  std::vector<hsize_t> start(sizes.size()), count(sizes.begin(), sizes.end());
  start[0] = index;
  count[0] = 1;
  if (sizes.size() > 1) {
    MUSI_EXPECT(first + n_entries <= sizes[1]);
    start[1] = first;
    count[1] = n_entries;
  }
  hsize_t n = 1;
  for (const hsize_t size : count) n *= size;
  if (n == 0) return {};
  const H5Handle space(H5Dget_space(dataset.id()), H5Sclose);
  const H5Handle memory(H5Screate_simple(1, &n, nullptr), H5Sclose);
  H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
  std::vector<double> values(n);
  if (H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, memory.id(), space.id(), H5P_DEFAULT,
              values.data()) < 0) {
    state_->damaged(path);
  }
  state_->mark_missing(dataset, values);
  return values;
}

std::vector<std::string> H5Reader::texts(const std::string& path) const {
  const H5Handle dataset = state_->dataset(path);
  const H5Handle type(H5Dget_type(dataset.id()), H5Tclose);
  if (H5Tis_variable_str(type.id()) <= 0) state_->damaged(path);
  std::size_t n = 1;
  for (const std::size_t size : state_->shape(dataset)) n *= size;
  std::vector<char*> pointers(n);
  const H5Handle memory = h5_text_type();
  if (H5Dread(dataset.id(), memory.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) {
    state_->damaged(path);
  }
  std::vector<std::string> values;
  for (char* text : pointers) values.push_back(take(text));
  return values;
}

std::string H5Reader::text(const std::string& path) const {
  const std::vector<std::string> values = texts(path);
  MUSI_EXPECT(values.size() == 1);
  return values.front();
}

std::vector<std::string> H5Reader::attribute_names(const std::string& object) const {
  std::vector<std::string> found;
  const H5Handle opened(H5Oopen(state_->file.id(), object.c_str(), H5P_DEFAULT), H5Oclose);
  if (!opened.is_open()) state_->damaged(object);
  H5Aiterate2(opened.id(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, note_attribute, &found);
  return found;
}

std::optional<std::string> H5Reader::text_attribute(const std::string& object,
                                                    const std::string& name) const {
  if (H5Aexists_by_name(state_->file.id(), object.c_str(), name.c_str(), H5P_DEFAULT) <= 0) {
    return std::nullopt;
  }
  const H5Handle attribute(
      H5Aopen_by_name(state_->file.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose);
  const H5Handle type(H5Aget_type(attribute.id()), H5Tclose);
  if (H5Tget_class(type.id()) != H5T_STRING) return std::nullopt;
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute.id(), type.id(), static_cast<void*>(&text)) < 0) state_->damaged(name);
    return take(text);
  }
  std::string value(H5Tget_size(type.id()), '\0');
  if (H5Aread(attribute.id(), type.id(), value.data()) < 0) state_->damaged(name);
  value.resize(std::strlen(value.c_str()));
  return value;
}

std::optional<double> H5Reader::number_attribute(const std::string& object,
                                                 const std::string& name) const {
  if (H5Aexists_by_name(state_->file.id(), object.c_str(), name.c_str(), H5P_DEFAULT) <= 0) {
    return std::nullopt;
  }
  const H5Handle attribute(
      H5Aopen_by_name(state_->file.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose);
  const H5Handle type(H5Aget_type(attribute.id()), H5Tclose);
  if (H5Tget_class(type.id()) == H5T_STRING) return std::nullopt;
  double value = 0.0;
  if (H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, &value) < 0) state_->damaged(name);
  return value;
}

}  // namespace musi::sim::io
