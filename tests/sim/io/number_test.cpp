#include "sim/io/number.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace musi::sim::io;

namespace {

std::string code_of(std::string_view text, const NumberSpec& spec = {}) {
  const NumberReading reading = read_number(text, spec);
  return reading.value ? "" : reading.fault.code;
}

std::string hint_of(std::string_view text, const NumberSpec& spec = {}) {
  return read_number(text, spec).fault.hint.english;
}

}  // namespace

TEST_CASE("plain numbers are read as they are written", "[unit]") {
  CHECK(read_number("1500", {}).value == 1500.0);
  CHECK(read_number("1.5", {}).value == 1.5);
  CHECK(read_number("-2", {}).value == -2.0);
  CHECK(read_number("1e3", {}).value == 1000.0);
  CHECK(read_number("2E-1", {}).value == 0.2);
  CHECK(read_number("0", {}).value == 0.0);
  CHECK(read_number("0.1", {}).value == 0.1);
  CHECK(read_number("1e3", {.whole = true}).value == 1000.0);
  CHECK_FALSE(std::signbit(*read_number("-0", {}).value));
}

TEST_CASE("thousands that can be read two ways are refused with both readings", "[messages]") {
  NumberSpec spec{.min = 0};
  spec.unit.english = "billion rupiah (miliar) a year, prices of 2019";
  const NumberFault fault = read_number("1.500", spec).fault;
  CHECK(fault.code == "ambiguous_number");
  CHECK(fault.message.english == "'1.500' can be read as 1.5 or as 1500");
  CHECK(fault.hint.english == "write 1500 or 1.5; do not use a thousands separator");
  CHECK(fault.remark.english == "unit is billion rupiah (miliar) a year, prices of 2019");
  CHECK(hint_of("12.345") == "write 12345 or 12.3450; do not use a thousands separator");
  CHECK(hint_of("2.000", {.whole = true}) == "write 2000 or 2; do not use a thousands separator");
  CHECK(hint_of("1.500", {.whole = true}) == "write 1500; do not use a thousands separator");
}

TEST_CASE("three decimals are accepted where only the decimal reading is legal", "[unit]") {
  CHECK(read_number("1.500", {.max = 100}).value == 1.5);
  CHECK(read_number("0.125", {}).value == 0.125);
  CHECK(read_number("12.3450", {}).value == 12.345);
  CHECK(read_number("1234.500", {}).value == 1234.5);
  CHECK(read_number("-3.001", {.min = -5}).value == -3.001);
  CHECK(code_of("-3.001") == "ambiguous_number");
}

TEST_CASE("separators are refused with the number that was meant", "[messages]") {
  CHECK(code_of("1,5") == "bad_number");
  CHECK(hint_of("1,5") == "write 1.5; use a decimal point and no separators");
  CHECK(hint_of("1.234,5") == "write 1234.5; use a decimal point and no separators");
  CHECK(hint_of("1,234.5") == "write 1234.5; use a decimal point and no separators");
  CHECK(hint_of("1_000") == "write 1000; use a decimal point and no separators");
  CHECK(hint_of("1 000") == "write 1000; use a decimal point and no separators");
  CHECK(hint_of("1.234.567") == "write 1234567; use a decimal point and no separators");
  CHECK(hint_of("1,500") == "write 1500 or 1.5; use a decimal point and no separators");
  CHECK(hint_of("1__0") == "use a decimal point and no separators");
  CHECK(read_number("-1.234,5", {}).fault.suggestion == "-1234.5");
  for (const char* text : {"1,5", "1.234,5", "1_000", "1 000", "1,2,3"}) {
    CHECK(code_of(text) == "bad_number");
  }
}

TEST_CASE("leading zeros, bare points and other bases are refused", "[messages]") {
  CHECK(code_of("012") == "bad_number");
  CHECK(hint_of("012") == "write 12, or \"012\" in quotes for a code");
  CHECK(hint_of("-007.5") == "write -7.5, or \"-007.5\" in quotes for a code");
  CHECK(code_of(".5") == "bad_number");
  CHECK(hint_of(".5") == "write 0.5");
  CHECK(hint_of("-.5") == "write -0.5");
  CHECK(hint_of("5.") == "write 5");
  CHECK(hint_of("+5") == "write 5");
  CHECK(code_of("0x1F") == "bad_number");
  CHECK(hint_of("0x1F") == "write 31");
  CHECK(hint_of("0o17") == "write 15");
}

TEST_CASE("what is not finite is refused", "[messages]") {
  for (const char* text : {".nan", ".inf", "-.inf", "nan", "NaN", "inf", "-Infinity", "1e400"}) {
    INFO(text);
    CHECK(code_of(text) == "not_finite");
  }
}

TEST_CASE("a unit beside the number is refused", "[messages]") {
  CHECK(code_of("20 %") == "unit_in_value");
  CHECK(hint_of("20 %") == "write 20; the unit is in the key");
  CHECK(hint_of("20%") == "write 20; the unit is in the key");
  CHECK(code_of("Rp 40 miliar") == "unit_in_value");
  CHECK(hint_of("Rp 40 miliar") == "write the number alone; the unit is in the key");
  CHECK(code_of("Rp40.000.000") == "unit_in_value");
  CHECK(code_of("5 km2") == "unit_in_value");
}

TEST_CASE("what is no number at all has the wrong type", "[messages]") {
  for (const char* text : {"abc", "60:00", "yes", "2027-01-01", "3 to 15", "-", "", "3-4 Ulu"}) {
    INFO(text);
    CHECK(code_of(text) == "wrong_type");
  }
  CHECK(read_number("abc", {}).fault.message.english == "expected a number, found 'abc'");
  CHECK(hint_of("3 to 15") == "only one number is possible here");
}

TEST_CASE("numbers outside what is legal name the range", "[messages]") {
  CHECK(code_of("2.5", {.whole = true}) == "not_whole");
  CHECK(code_of("-3", {.min = 0}) == "out_of_range");
  CHECK(hint_of("-3", {.min = 0}) == "must be at least 0");
  CHECK(hint_of("0", {.min = 0, .min_open = true}) == "must be above 0");
  CHECK(hint_of("150", {.min = 0, .max = 100}) == "must be from 0 to 100");
  CHECK(hint_of("0", {.min = 0, .max = 1, .min_open = true}) == "must be above 0 and at most 1");
  CHECK(code_of("9007199254740992", {.whole = true}) == "out_of_range");
  CHECK(hint_of("70", {.is_share = true}) == "did you mean 0.7?");
  CHECK(code_of("70", {.is_share = true}) == "out_of_range");
  CHECK(code_of("0.6", {.min = 0, .max = 100, .usual_min = 5}) == "likely_share");
  CHECK(hint_of("0.6", {.min = 0, .max = 100, .usual_min = 5}) == "did you mean 60?");
}

TEST_CASE("the Indonesian locale reads decimal commas", "[unit]") {
  NumberSpec spec;
  spec.decimal_comma = true;
  CHECK(read_number("1,5", spec).value == 1.5);
  CHECK(code_of("1,500", spec) == "ambiguous_number");
  CHECK(code_of("1.5", spec) == "bad_number");
  CHECK(hint_of("1.234,5", spec) == "write 1234,5; use a decimal comma and no separators");
}

TEST_CASE("the text of a number reads back as the same number", "[property]") {
  std::uint64_t state = 20261122;
  for (int i = 0; i < 20000; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const double scale = std::pow(10.0, static_cast<double>(state % 13) - 6.0);
    const double value = std::round(static_cast<double>(state >> 40) * scale) / 1000.0;
    const std::string text = number_text(value);
    INFO(text);
    REQUIRE(read_number(text, {}).value == value);
  }
}

TEST_CASE("numbers in sentences have their thousands parted", "[unit]") {
  CHECK(number_in_words(40000) == "40,000");
  CHECK(number_in_words(-1234567.5) == "-1,234,567.5");
  CHECK(number_in_words(999) == "999");
  CHECK(number_in_words(-999) == "-999");
  CHECK(number_in_words(1234.5, Language::indonesian) == "1.234,5");
}
