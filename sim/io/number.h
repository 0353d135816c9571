#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/io/problems.h"

namespace musi::sim::io {

/// What is legal for a number, INTERFACE 4.2. Ends of the range belong to it unless marked open.
struct NumberSpec {
  std::optional<double> min = {};
  std::optional<double> max = {};
  bool min_open = false;
  bool max_open = false;
  bool whole = false;     ///< counts and years: 1e3 is accepted, 2.5 is `not_whole`
  bool is_share = false;  ///< fraction 0-1 of a CSV column; 70 gives "did you mean 0.7?"
  Text unit = Text();     ///< "billion rupiah (miliar) a year, prices of 2019"; may be empty
  std::optional<double> usual_min =
      {};                      ///< a percentage below 1 is `likely_share` if this is above 1
  bool decimal_comma = false;  ///< CSV of Indonesian spreadsheets: `1,5`
};

/// Why a text is no legal number: code of INTERFACE 3.3 and the texts of its message.
struct NumberFault {
  std::string code;  ///< bad_number, not_finite, ambiguous_number, unit_in_value, wrong_type,
                     ///< not_whole, out_of_range, likely_share
  Text message;
  Text hint;
  Text remark;
  std::string suggestion;  ///< the number to write, if there is one
};

struct NumberReading {
  std::optional<double> value;  ///< set exactly if there is no fault
  NumberFault fault;
};

/// Reads a number strictly: `1500`, `1.5`, `-2`, `1e3`. Refused with a hint: leading zeros, `_`,
/// thousands separators, spaces, `.5`, `5.`, hexadecimal, infinities, `nan`, units, and `d.ddd`
/// with exactly three decimals if the thousands reading lies in the legal range as well. The value
/// is the double nearest to the decimal text. Never throws.
NumberReading read_number(std::string_view text, const NumberSpec& spec);

/// True for a text that begins like a number, so that "expected a word" can say more.
bool looks_like_number(std::string_view text);

/// Shortest decimal text that reads back as `value` and is accepted by `read_number` in each spec
/// that contains it: `1500`, `0.1`, `12.3450` (three decimals are written with four).
std::string number_text(double value);

/// The same with commas between thousands, for sentences: `40,000`; with points in Indonesian.
std::string number_in_words(double value, Language language = Language::english);

/// Adds the fault as an error at `place`, with the source line and the path of the key.
void report(const NumberFault& fault, const Place& place, std::string_view source_line,
            std::string_view path, Problems& problems);

}  // namespace musi::sim::io
