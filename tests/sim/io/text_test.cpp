#include "sim/io/text.h"

#include <catch2/catch.hpp>

using namespace musi::sim::io;

TEST_CASE("malformed UTF-8 is found at its first byte", "[unit]") {
  CHECK_FALSE(first_invalid_utf8("Palembang, kampung é 水 😀"));
  CHECK(first_invalid_utf8("ab\xFFz") == 2);
  CHECK(first_invalid_utf8("a\xC0\xAF") == 1);          // overlong slash
  CHECK(first_invalid_utf8("a\xED\xA0\x80") == 1);      // surrogate
  CHECK(first_invalid_utf8("a\xF4\x90\x80\x80") == 1);  // beyond U+10FFFF
  CHECK(first_invalid_utf8("abc\xE6\xB0") == 3);        // cut short
}

TEST_CASE("characters are counted, not bytes", "[unit]") {
  CHECK(n_characters("é水😀x") == 4);
  CHECK(to_utf8(code_points("é水😀x")) == "é水😀x");
}

TEST_CASE("control characters and direction marks are shown as what they are", "[messages]") {
  CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(printable("a\nb\tc\x7f") == "a\\x0ab\\x09c\\x7f");
  CHECK(printable("a\xE2\x80\xAE"
                  "b") == "a\\u202eb");
  CHECK(printable("a\xFFz") == "a\\xffz");
}

TEST_CASE("edit distance counts insertions, deletions, replacements and swaps", "[unit]") {
  CHECK(edit_distance("anual_idr_bn", "annual_idr_bn", 3) == 1);
  CHECK(edit_distance("sede", "seed", 3) == 1);
  CHECK(edit_distance("abc", "xyz", 2) == 3);
  CHECK(edit_distance("", "ab", 2) == 2);
}

TEST_CASE("a suggestion appears only when it is near and unique", "[unit]") {
  const std::vector<std::string> words{"seed", "share", "start_year", "end_year",
                                       "construction_month"};
  CHECK(nearest_name("sede", words) == "seed");
  CHECK(nearest_name("SHARE", words) == "share");
  CHECK(nearest_name("constrution_mnth", words) == "construction_month");
  CHECK(nearest_name("xconstrution_mnth", words) == "construction_month");  // distance 3
  CHECK_FALSE(nearest_name("st_year1", words));
  CHECK_FALSE(nearest_name("qqqq", words));
  CHECK_FALSE(nearest_name("", words));
  const std::vector<std::string> twins{"kotaku_a", "kotaku_b"};
  CHECK_FALSE(nearest_name("kotaku_c", twins));
  const std::vector<std::string> one{"en"};
  CHECK_FALSE(nearest_name("xy", one));
}

TEST_CASE("lines and columns of a source are counted from one in characters", "[unit]") {
  const SourceText source("a.yaml", "é: 1\nb: 水x\n");
  CHECK(source.n_lines() == 2);
  CHECK(source.line(2) == "b: 水x");
  CHECK(source.line(3).empty());
  const std::size_t x = source.text().find('x');
  CHECK(source.line_of(x) == 2);
  CHECK(source.column_of(x) == 5);
}
