#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/scenario/schema.h"

/// How the rows of the key table are written.
namespace musi::analysis {

using Fill = void (*)(KeyTarget&, const KeyValue&);
using Accessor = models::Uncertain& (*)(KeyTarget&);

/// One row under construction; each call names one property.
class KeyRow {
 public:
  KeyRow(std::string path, KeyType type) {
    key_.path = std::move(path);
    key_.type = type;
  }
  KeyRow& means(std::string text) { return key_.meaning = std::move(text), *this; }
  KeyRow& in(std::string unit) { return key_.unit = std::move(unit), *this; }
  KeyRow& from(double min, double max) {
    key_.range.min = min;
    key_.range.max = max;
    return *this;
  }
  KeyRow& by_default(std::string value) { return key_.default_value = std::move(value), *this; }
  KeyRow& default_is(std::string words) { return key_.default_words = std::move(words), *this; }
  KeyRow& one_of(std::vector<std::string> words) { return key_.choices = std::move(words), *this; }
  KeyRow& later(std::vector<std::string> words) {
    return key_.choices_to_come = std::move(words), *this;
  }
  KeyRow& redrawn(std::vector<models::Redraw> redraws) {
    return key_.redraws = std::move(redraws), *this;
  }
  KeyRow& needed(std::string example) {
    key_.required = true;
    key_.example = std::move(example);
    return *this;
  }
  KeyRow& of_file() { return key_.role = KeyRole::file, *this; }
  KeyRow& run_setting() { return key_.role = KeyRole::run_setting, *this; }
  KeyRow& not_yet(std::string reason) { return key_.not_available = std::move(reason), *this; }
  KeyRow& counted() { return key_.whole_draws = true, *this; }
  KeyRow& sets(Fill fill) { return key_.fill = fill, *this; }
  KeyRow& at(Accessor accessor) { return key_.uncertain = accessor, *this; }

  KeySpec key() const { return key_; }
  KeySpec& spec() { return key_; }

 private:
  KeySpec key_;
};

/// Rows of one heading, in the order of the key list.
class KeyRows {
 public:
  explicit KeyRows(std::string heading) : heading_(std::move(heading)) {}
  /// The reference is valid until the next call.
  KeyRow& add(std::string path, KeyType type) { return rows_.emplace_back(std::move(path), type); }
  std::vector<KeySpec> keys() const {
    std::vector<KeySpec> keys;
    for (const KeyRow& row : rows_) {
      keys.push_back(row.key());
      keys.back().heading = heading_;
    }
    return keys;
  }

 private:
  std::string heading_;
  std::vector<KeyRow> rows_;
};

std::vector<KeySpec> file_keys();
std::vector<KeySpec> horizon_keys();
std::vector<KeySpec> funding_keys();
std::vector<KeySpec> programme_keys();
std::vector<KeySpec> participation_keys();
std::vector<KeySpec> procedure_keys();
std::vector<KeySpec> structure_keys();
std::vector<KeySpec> sampling_keys();
std::vector<KeySpec> option_keys();
std::vector<KeySpec> parameter_keys();

}  // namespace musi::analysis
