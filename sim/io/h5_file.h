#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/io/file.h"

namespace musi::sim::io {

/// Type of the numbers of a dataset in the file.
enum class H5Type : std::uint8_t { int8, int16, int32, float32, float64, text, other };

/// One attribute: text, whole number or number.
struct H5Attribute {
  std::string name;
  std::variant<std::string, std::int32_t, double> value;
};
using H5Attributes = std::vector<H5Attribute>;

/// A dataset to be made: where, of which type, on which dimensions.
struct H5Variable {
  std::string path;               ///< "slum_area" or "rt/area"
  H5Type type = H5Type::float32;
  std::vector<std::string> dims;  ///< names made by `dimension`, in this group or the root
  H5Attributes attributes;
  /// `_FillValue`, in the type of the dataset; NaN is legal for float types only.
  std::optional<double> missing;
  /// Longest side of a chunk per dimension, 0 = whole; empty: no more than 64 of `replicate`, one
  /// option, all else. Scalars and small datasets are stored in one piece.
  std::vector<std::size_t> chunk;
};

/// Writes one HDF5 file that obeys the ten rules of INTERFACE 6.1: creation order, EARLIEST to V18,
/// no times, attached and labelled dimension scales, variable-length UTF-8 texts, fixed-length text
/// attributes, shuffle and deflate, no 64-bit integers. Equal calls give equal bytes. The file
/// appears under its name at `finish()`. IoError `exists`, `cannot_write`, `disk_full`.
class H5Writer {
 public:
  explicit H5Writer(const std::string& target, Existing existing = Existing::replace);
  ~H5Writer();
  H5Writer(const H5Writer&) = delete;
  H5Writer& operator=(const H5Writer&) = delete;

  /// Makes a group; "/" exists.
  void group(const std::string& path);
  /// Attribute of a group or dataset.
  void attribute(const std::string& object, const H5Attribute& attribute);

  /// Makes a dimension and its coordinate variable of the same name. int32, float64 or texts.
  void dimension(const std::string& path, std::span<const std::int32_t> values,
                 const H5Attributes& attributes = {});
  void dimension(const std::string& path, std::span<const double> values,
                 const H5Attributes& attributes = {});
  void dimension(const std::string& path, std::span<const std::string> values,
                 const H5Attributes& attributes = {});

  /// A whole dataset; `values` are converted to the type of the file. Shape: its dimensions.
  void variable(const H5Variable& variable, std::span<const double> values);
  void variable(const H5Variable& variable, std::span<const float> values);
  void variable(const H5Variable& variable, std::span<const std::int32_t> values);
  void variable(const H5Variable& variable, std::span<const std::string> values);
  /// A dataset that is filled row by row of its first dimension by `row`.
  void variable(const H5Variable& variable);
  void row(const std::string& path, std::size_t index, std::span<const double> values);
  void row(const std::string& path, std::size_t index, std::span<const float> values);
  void row(const std::string& path, std::size_t index, std::span<const std::int32_t> values);
  /// A part of a row: successive entries of the second dimension from `first` on.
  void rows(const std::string& path, std::size_t index, std::size_t first,
            std::span<const double> values);
  void rows(const std::string& path, std::size_t index, std::size_t first,
            std::span<const float> values);
  void rows(const std::string& path, std::size_t index, std::size_t first,
            std::span<const std::int32_t> values);

  /// A long text as scalar dataset.
  void text(const std::string& path, const std::string& value,
            const H5Attributes& attributes = {});

  /// Closes, flushes to the disk and renames. Nothing may follow.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads an HDF5 file. IoError `cannot_open` (missing, unreadable), `foreign` (no HDF5
/// file), `truncated` (cut off or damaged).
class H5Reader {
 public:
  explicit H5Reader(const std::string& file);
  ~H5Reader();
  H5Reader(H5Reader&&) noexcept;
  H5Reader& operator=(H5Reader&&) noexcept;

  const std::string& file() const;
  bool exists(const std::string& path) const;
  /// Names in a group in the order in which they were made.
  std::vector<std::string> names(const std::string& group = "/") const;
  bool is_group(const std::string& path) const;
  H5Type type(const std::string& path) const;
  std::vector<std::size_t> shape(const std::string& path) const;
  /// Names of the attached dimension scales; "" where there is none.
  std::vector<std::string> dims(const std::string& path) const;

  /// All numbers of a dataset, last dimension fastest; the fill value becomes NaN.
  std::vector<double> numbers(const std::string& path) const;
  /// Numbers of one index of the first dimension.
  std::vector<double> row(const std::string& path, std::size_t index) const;
  /// The same of `count` entries of the second dimension from `first` on.
  std::vector<double> rows(const std::string& path, std::size_t index, std::size_t first,
                           std::size_t count) const;
  std::vector<std::string> texts(const std::string& path) const;
  std::string text(const std::string& path) const;

  std::vector<std::string> attribute_names(const std::string& object) const;
  std::optional<std::string> text_attribute(const std::string& object,
                                            const std::string& name) const;
  std::optional<double> number_attribute(const std::string& object,
                                         const std::string& name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Version of the HDF5 library, "1.10.8".
std::string h5_version();

}  // namespace musi::sim::io
