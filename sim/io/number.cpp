#include "sim/io/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "sim/io/text.h"

namespace musi::sim::io {
namespace {

constexpr double largest_whole = 9007199254740992.0;  // 2^53

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (at + n < text.size() && is_digit(text[at + n])) ++n;
  return n;
}

/// Parts of a text of the one accepted form: sign, whole part, fraction, exponent.
struct Form {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  bool has_exponent = false;
};

/// `-?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?`, with `point` for the decimal point.
std::optional<Form> accepted_form(std::string_view text, char point) {
  Form form;
  std::size_t at = 0;
  if (!text.empty() && text[0] == '-') {
    form.negative = true;
    at = 1;
  }
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return std::nullopt;
  form.whole = text.substr(at, whole);
  at += whole;
  if (at < text.size() && text[at] == point) {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return std::nullopt;
    form.fraction = text.substr(at + 1, fraction);
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return std::nullopt;
    form.has_exponent = true;
    at += exponent;
  }
  if (at != text.size()) return std::nullopt;
  return form;
}

/// The value of an accepted text; nothing if a double cannot hold it.
std::optional<double> value_of(std::string text, char point) {
  if (point != '.') std::replace(text.begin(), text.end(), point, '.');
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value == 0.0 ? 0.0 : value;  // no negative zero
}

bool in_range(double value, const NumberSpec& spec) {
  if (spec.whole && value != std::floor(value)) return false;
  if (spec.min && (spec.min_open ? value <= *spec.min : value < *spec.min)) return false;
  if (spec.max && (spec.max_open ? value >= *spec.max : value > *spec.max)) return false;
  return !spec.is_share || (value >= 0.0 && value <= 1.0);
}

Text unit_remark(const NumberSpec& spec) {
  if (spec.unit.english.empty()) return {};
  const std::string& indonesian =
      spec.unit.indonesian.empty() ? spec.unit.english : spec.unit.indonesian;
  return {"unit is " + spec.unit.english, "satuannya " + indonesian};
}

std::string with_point(double value, const NumberSpec& spec) {
  std::string text = number_text(value);
  if (spec.decimal_comma) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

Text write_text(const std::string& suggestion) {
  return {"write " + suggestion, "tulis " + suggestion};
}

NumberReading refuse(const NumberSpec& spec, std::string code, Text message, Text hint,
                     std::string suggestion = {}) {
  return {std::nullopt,
          {std::move(code), std::move(message), std::move(hint), unit_remark(spec),
           std::move(suggestion)}};
}

Text range_text(const NumberSpec& spec) {
  const auto bound = [&spec](double value) { return with_point(value, spec); };
  if (spec.min && spec.max && !spec.min_open && !spec.max_open) {
    return {fmt::format("must be from {} to {}", bound(*spec.min), bound(*spec.max)),
            fmt::format("harus dari {} sampai {}", bound(*spec.min), bound(*spec.max))};
  }
  Text text{"must be", "harus"};
  if (spec.min) {
    text.english += fmt::format(" {} {}", spec.min_open ? "above" : "at least", bound(*spec.min));
    text.indonesian +=
        fmt::format(" {} {}", spec.min_open ? "di atas" : "paling sedikit", bound(*spec.min));
  }
  if (spec.min && spec.max) {
    text.english += " and";
    text.indonesian += " dan";
  }
  if (spec.max) {
    text.english += fmt::format(" {} {}", spec.max_open ? "below" : "at most", bound(*spec.max));
    text.indonesian +=
        fmt::format(" {} {}", spec.max_open ? "di bawah" : "paling banyak", bound(*spec.max));
  }
  return text;
}

/// Checks a number that is written well.
NumberReading check_value(double value, const std::string& shown, const NumberSpec& spec) {
  if (spec.is_share && value > 1.0) {
    if (value > 100.0) {
      return refuse(spec, "out_of_range", {shown + " is no fraction", shown + " bukan pecahan"},
                    {"must be from 0 to 1", "harus dari 0 sampai 1"});
    }
    const std::string share = with_point(value / 100.0, spec);
    return refuse(spec, "out_of_range", {shown + " is no fraction", shown + " bukan pecahan"},
                  {fmt::format("did you mean {}?", share), fmt::format("maksud Anda {}?", share)},
                  share);
  }
  if (spec.whole && value != std::floor(value)) {
    return refuse(spec, "not_whole",
                  {shown + " is not a whole number", shown + " bukan bilangan bulat"},
                  {"a whole number is expected", "tulis bilangan bulat"});
  }
  if (!in_range(value, spec)) {
    NumberSpec shown_range = spec;
    if (spec.is_share && !spec.min) shown_range.min = 0.0;
    if (spec.is_share && !spec.max) shown_range.max = 1.0;
    return refuse(spec, "out_of_range", {shown + " is out of range", shown + " di luar rentang"},
                  range_text(shown_range));
  }
  if (spec.whole && std::abs(value) >= largest_whole) {
    return refuse(spec, "out_of_range",
                  {shown + " is too large for a whole number", shown + " terlalu besar"},
                  {"must be below 9007199254740992", "harus di bawah 9007199254740992"});
  }
  if (spec.usual_min && *spec.usual_min > 1.0 && value > 0.0 && value < 1.0) {
    const std::string percent = with_point(value * 100.0, spec);
    NumberReading reading =
        refuse(spec, "likely_share",
               {shown + " looks like a share, but this key is a percentage",
                shown + " tampak seperti pecahan, padahal kunci ini persen"},
               {fmt::format("did you mean {}?", percent), fmt::format("maksud Anda {}?", percent)},
               percent);
    reading.fault.remark = {
        fmt::format("if {} % is meant, say so in a 'note'", with_point(value, spec)),
        fmt::format("jika memang {} %, tulis 'note'", with_point(value, spec))};
    return reading;
  }
  return {value, {}};
}

NumberReading read_accepted(std::string_view text, const Form& form, const NumberSpec& spec) {
  const char point = spec.decimal_comma ? ',' : '.';
  const std::string shown = fmt::format("'{}'", quoted_value(text));
  const std::optional<double> value = value_of(std::string(text), point);
  if (!value) {
    return refuse(spec, "not_finite",
                  {shown + " is not a finite number", shown + " bukan bilangan hingga"},
                  {"it is beyond what a number can hold", "di luar jangkauan bilangan"});
  }
  const bool may_be_thousands = form.fraction.size() == 3 && form.whole.size() <= 3 &&
                                form.whole != "0" && !form.has_exponent;
  if (may_be_thousands) {
    std::string joined_digits = form.negative ? "-" : "";
    joined_digits.append(form.whole).append(form.fraction);
    const double thousands = *value_of(joined_digits, '.');
    if (in_range(thousands, spec) && (in_range(*value, spec) || spec.whole)) {
      const std::string small = with_point(*value, spec);
      if (!in_range(*value, spec)) {
        return refuse(spec, "ambiguous_number",
                      {fmt::format("{} can be read as {} or as {}", shown, small, joined_digits),
                       fmt::format("{} dapat dibaca {} atau {}", shown, small, joined_digits)},
                      {fmt::format("write {}; do not use a thousands separator", joined_digits),
                       fmt::format("tulis {}; jangan pakai pemisah ribuan", joined_digits)},
                      joined_digits);
      }
      // The short form of the decimal drops zeros: '1.500' can be read as 1.5 or as 1500.
      std::string reading = fmt::format("{}", *value);
      if (spec.decimal_comma) std::replace(reading.begin(), reading.end(), '.', ',');
      return refuse(
          spec, "ambiguous_number",
          {fmt::format("{} can be read as {} or as {}", shown, reading, joined_digits),
           fmt::format("{} dapat dibaca {} atau {}", shown, reading, joined_digits)},
          {fmt::format("write {} or {}; do not use a thousands separator", joined_digits, small),
           fmt::format("tulis {} atau {}; jangan pakai pemisah ribuan", joined_digits, small)});
    }
  }
  return check_value(*value, shown, spec);
}

/// Groups of three behind the first, all parted by `separator`: `1.234.567`. The digits, or
/// nothing.
std::optional<std::string> grouped_digits(std::string_view text, char separator) {
  std::string digits;
  std::size_t at = digits_at(text, 0);
  if (at == 0 || at > 3 || text[0] == '0') return std::nullopt;
  digits.append(text.substr(0, at));
  std::size_t groups = 0;
  while (at < text.size()) {
    if (text[at] != separator || digits_at(text, at + 1) != 3) return std::nullopt;
    digits.append(text.substr(at + 1, 3));
    at += 4;
    ++groups;
  }
  if (groups == 0) return std::nullopt;
  return digits;
}

/// What a number with separators most likely means, in the accepted form; empty if unclear.
std::string without_separators(std::string_view text) {
  const std::string sign = text.starts_with('-') ? "-" : "";
  text.remove_prefix(sign.size());
  for (const char separator : {'_', ' ', '\''}) {
    if (const auto digits = grouped_digits(text, separator)) return sign + *digits;
  }
  for (const char separator : {'.', ','}) {
    const char point = separator == '.' ? ',' : '.';
    const std::size_t end = text.find(point);
    const std::string_view whole = text.substr(0, end);
    const auto digits = grouped_digits(whole, separator);
    if (!digits) continue;
    if (end == std::string_view::npos) return sign + *digits;
    if (all_digits(text.substr(end + 1))) {
      return sign + *digits + "." + std::string(text.substr(end + 1));
    }
  }
  const std::size_t comma = text.find(',');
  if (comma != std::string_view::npos && all_digits(text.substr(0, comma)) &&
      all_digits(text.substr(comma + 1)) && (text[0] != '0' || comma == 1)) {
    return sign + std::string(text.substr(0, comma)) + "." + std::string(text.substr(comma + 1));
  }
  return {};
}

std::string localised(std::string number, const NumberSpec& spec) {
  if (spec.decimal_comma) std::replace(number.begin(), number.end(), '.', ',');
  return number;
}

NumberReading refuse_separators(std::string_view text, const std::string& shown,
                                const NumberSpec& spec) {
  const Text message{shown + " has a separator", shown + " memakai pemisah"};
  const std::string point = spec.decimal_comma ? "decimal comma" : "decimal point";
  const std::string titik = spec.decimal_comma ? "koma desimal" : "titik desimal";
  const std::string meant = without_separators(text);
  // One group of three behind a comma is as unclear as '1.500'.
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool unclear =
      grouped_digits(digits, ',').has_value() && std::count(digits.begin(), digits.end(), ',') == 1;
  if (unclear && !spec.decimal_comma) {
    std::string decimal(text);
    std::replace(decimal.begin(), decimal.end(), ',', '.');
    const std::string small = number_text(*value_of(decimal, '.'));
    return refuse(spec, "bad_number", message,
                  {fmt::format("write {} or {}; use a {} and no separators", meant, small, point),
                   fmt::format("tulis {} atau {}; pakai {} tanpa pemisah", meant, small, titik)});
  }
  if (meant.empty()) {
    return refuse(spec, "bad_number", message,
                  {fmt::format("use a {} and no separators", point),
                   fmt::format("pakai {} tanpa pemisah", titik)});
  }
  const std::string suggestion = localised(meant, spec);
  return refuse(spec, "bad_number", message,
                {fmt::format("write {}; use a {} and no separators", suggestion, point),
                 fmt::format("tulis {}; pakai {} tanpa pemisah", suggestion, titik)},
                suggestion);
}

bool is_not_finite_word(std::string_view text) {
  std::string word = lower_case(text);
  if (word.starts_with('+') || word.starts_with('-')) word.erase(0, 1);
  if (word.starts_with('.')) word.erase(0, 1);
  return word == "nan" || word == "inf" || word == "infinity" || word == "#div/0!";
}

/// `0x1F`, `0o17`, `0b1`: the value in decimal if it is small.
std::optional<std::string> other_base(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() < 3 || text[0] != '0') return std::nullopt;
  const char letter = static_cast<char>(text[1] | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  if (base == 0) return std::nullopt;
  unsigned long long value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, value, base);
  if (stop != end) return std::nullopt;
  return error == std::errc() ? fmt::format("{}", value) : std::string();
}

/// A sign, digits and separators only.
bool is_separated(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  const bool legal = std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || c == '_' || c == ',' || c == '.' || c == ' ' || c == '\'';
  });
  return legal && !all_digits(text) && text.find("..") == std::string_view::npos;
}

constexpr std::array<std::string_view, 6> currencies{"rp.", "rp", "idr", "usd", "us$", "$"};

/// A number with its unit: the number part as written, or nothing.
struct WithUnit {
  std::string_view number;
  bool percent = false;
};

std::optional<WithUnit> with_unit(std::string_view text) {
  const std::string lower = lower_case(text);
  for (const std::string_view currency : currencies) {
    if (!lower.starts_with(currency)) continue;
    const std::string_view rest = trimmed(text.substr(currency.size()));
    if (!rest.empty() && is_digit(rest.front())) return WithUnit{};
  }
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::size_t start = at;
  while (at < text.size() && (is_digit(text[at]) || text[at] == '.' || text[at] == ',')) ++at;
  if (at == start || !is_digit(text[start])) return std::nullopt;
  const std::string_view number = text.substr(0, at);
  const std::string_view unit = trimmed(text.substr(at));
  if (unit.empty()) return std::nullopt;
  const std::string word = lower_case(unit);
  if (word == "%" || word == "persen" || word == "percent") return WithUnit{number, true};
  const bool starts_as_unit = is_letter(unit.front()) || unit.front() == '%' ||
                              static_cast<unsigned char>(unit.front()) >= 0x80;
  const bool is_word = unit.size() <= 24 && unit.find_first_of(":;\"'") == std::string_view::npos &&
                       std::none_of(unit.begin(), unit.end(), is_digit);
  const bool has_power = unit == "m2" || unit == "m3" || unit == "km2";
  if (!starts_as_unit || !(is_word || has_power)) return std::nullopt;
  return WithUnit{number, false};
}

NumberReading refuse_unit(const WithUnit& found, const std::string& shown, const NumberSpec& spec) {
  const Text message{shown + " carries a unit", shown + " memuat satuan"};
  const char point = spec.decimal_comma ? ',' : '.';
  if (found.percent && accepted_form(found.number, point)) {
    const std::string number(found.number);
    return refuse(spec, "unit_in_value", message,
                  {fmt::format("write {}; the unit is in the key", number),
                   fmt::format("tulis {}; satuannya ada di kunci", number)},
                  number);
  }
  return refuse(spec, "unit_in_value", message,
                {"write the number alone; the unit is in the key",
                 "tulis angkanya saja; satuannya ada di kunci"});
}

/// Leading zeros, `.5`, `5.`, `+5`: what to write instead, or nothing if it is another fault.
std::optional<std::string> mended(std::string_view text, const NumberSpec& spec) {
  const char point = spec.decimal_comma ? ',' : '.';
  std::string number(text);
  if (number.starts_with('+')) number.erase(0, 1);
  const std::string sign = number.starts_with('-') ? "-" : "";
  number.erase(0, sign.size());
  if (number.starts_with(point)) number.insert(0, "0");
  const std::size_t zeros = std::min(number.find_first_not_of('0'), number.size());
  const bool needs_zero = zeros == number.size() || !is_digit(number[zeros]);
  if (zeros > (needs_zero ? 1u : 0u)) number.erase(0, zeros - (needs_zero ? 1 : 0));
  const std::size_t bare = number.find(point);
  if (bare != std::string::npos && digits_at(number, bare + 1) == 0) number.erase(bare, 1);
  number.insert(0, sign);
  if (number == text || !accepted_form(number, point)) return std::nullopt;
  return number;
}

NumberReading refuse_mended(std::string_view text, const std::string& shown,
                            const std::string& suggestion, const NumberSpec& spec) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) {
    return refuse(
        spec, "bad_number", {shown + " has a leading zero", shown + " diawali nol"},
        {fmt::format("write {}, or \"{}\" in quotes for a code", suggestion, text),
         fmt::format("tulis {}, atau \"{}\" dalam tanda kutip untuk kode", suggestion, text)},
        suggestion);
  }
  return refuse(spec, "bad_number",
                {shown + " is no complete number", shown + " bukan bilangan yang lengkap"},
                write_text(suggestion), suggestion);
}

bool is_range_text(std::string_view text) {
  for (const std::string_view word : {" to ", " sampai ", " - "}) {
    const std::size_t at = text.find(word);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = trimmed(text.substr(at + word.size()));
    return looks_like_number(text) && looks_like_number(rest);
  }
  return false;
}

}  // namespace

bool looks_like_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front());
}

NumberReading read_number(std::string_view text, const NumberSpec& spec) {
  if (const auto form = accepted_form(text, spec.decimal_comma ? ',' : '.')) {
    return read_accepted(text, *form, spec);
  }
  const std::string shown = fmt::format("'{}'", quoted_value(text));
  if (is_not_finite_word(text)) {
    return refuse(spec, "not_finite",
                  {shown + " is not a finite number", shown + " bukan bilangan hingga"},
                  {"must be a finite number", "harus bilangan hingga"});
  }
  if (const auto decimal = other_base(text)) {
    const Text message{shown + " is not a decimal number", shown + " bukan bilangan desimal"};
    if (decimal->empty()) return refuse(spec, "bad_number", message, {});
    return refuse(spec, "bad_number", message, write_text(*decimal), *decimal);
  }
  if (text.size() <= 400) {
    if (const auto suggestion = mended(text, spec)) {
      return refuse_mended(text, shown, *suggestion, spec);
    }
    if (is_separated(text)) return refuse_separators(text, shown, spec);
  }
  if (is_range_text(text)) {
    return refuse(spec, "wrong_type",
                  {"expected a number, found the range " + shown,
                   "harus bilangan, ditemukan rentang " + shown},
                  {"only one number is possible here", "di sini hanya boleh satu bilangan"});
  }
  if (const auto found = with_unit(text)) return refuse_unit(*found, shown, spec);
  return refuse(spec, "wrong_type",
                {"expected a number, found " + shown, "harus bilangan, ditemukan " + shown}, {});
}

std::string number_text(double value) {
  std::string text = fmt::format("{}", value == 0.0 ? 0.0 : value);
  const auto form = accepted_form(text, '.');
  const bool may_be_thousands = form && form->fraction.size() == 3 && form->whole.size() <= 3 &&
                                form->whole != "0" && !form->has_exponent;
  if (may_be_thousands) text += "0";
  return text;
}

std::string number_in_words(double value, Language language) {
  const char group = language == Language::english ? ',' : '.';
  std::string text = fmt::format("{}", value == 0.0 ? 0.0 : value);
  if (text.find('e') != std::string::npos || !std::isfinite(value)) return text;
  const std::size_t point = std::min(text.find('.'), text.size());
  if (point < text.size() && language == Language::indonesian) text[point] = ',';
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t at = point; at > first + 3;) {
    at -= 3;
    text.insert(at, 1, group);
  }
  return text;
}

void report(const NumberFault& fault, const Place& place, std::string_view source_line,
            std::string_view path, Problems& problems) {
  Problem& problem = problems.error(fault.code, place, fault.message);
  set_hint(problem, fault.hint);
  set_remark(problem, fault.remark);
  problem.path = path;
  problem.suggestion = fault.suggestion;
  problem.source_line = source_line;
}

}  // namespace musi::sim::io
