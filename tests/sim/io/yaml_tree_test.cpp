#include "sim/io/yaml_tree.h"

#include <catch2/catch.hpp>

using namespace musi::sim;
using namespace musi::sim::io;

namespace {

/// "code line:column-end" of each problem, in order.
std::vector<std::string> places(const Problems& problems) {
  std::vector<std::string> found;
  for (const Problem& p : problems.all()) {
    found.push_back(p.code + " " + std::to_string(p.place.line) + ":" +
                    std::to_string(p.place.column) + "-" + std::to_string(p.place.end_column));
  }
  return found;
}

std::string place_of(const std::string& text) {
  Problems problems;
  parse_yaml(text, "a.yaml", problems);
  const auto found = places(problems);
  return found.size() == 1 ? found[0] : std::to_string(found.size()) + " problems";
}

Problem problem_of(const std::string& text) {
  Problems problems;
  CHECK_FALSE(parse_yaml(text, "a.yaml", problems));
  REQUIRE(problems.all().size() == 1);
  return problems.all()[0];
}

YamlNode tree_of(const std::string& text) {
  Problems problems;
  const auto root = parse_yaml(text, "a.yaml", problems);
  INFO(format_all(problems.all(), {}));
  REQUIRE(root);
  REQUIRE(problems.empty());
  return *root;
}

}  // namespace

TEST_CASE("maps, lists and scalars keep their order, text and place", "[unit]") {
  const YamlNode root = tree_of("nama: Kampung é\nb: [1, 'x y', \"q\"]\nc:\n  - {id: p, d: 2}\n");
  REQUIRE(root.entries.size() == 3);
  CHECK(root.entries[1].key == "b");
  CHECK(root.find("nama")->text == "Kampung é");
  CHECK(root.find("nama")->end_column == 16);
  const YamlNode& list = *root.find("b");
  REQUIRE(list.items.size() == 3);
  CHECK(list.items[1].text == "x y");
  CHECK(list.items[1].quoted);
  CHECK(list.items[1].column == 8);
  CHECK(list.items[1].end_column == 13);
  CHECK(list.items[0].path == "b[1]");
  const YamlNode& d = *root.find("c")->items[0].find("d");
  CHECK(d.path == "c.p.d");
  CHECK(d.line == 4);
  CHECK(d.column == 16);
}

TEST_CASE("places count characters, not bytes", "[unit]") {
  Problems problems;
  const auto root = parse_yaml("a: {é水: 1, n: xyz}\n", "a.yaml", problems);
  root->find("a")->find("n")->as_number({}, problems);
  CHECK(places(problems) == std::vector<std::string>{"wrong_type 1:15-18"});
}

TEST_CASE("byte-order mark and CRLF are accepted silently", "[unit]") {
  const YamlNode root = tree_of(
      "\xEF\xBB\xBF"
      "a: 1\r\nb:\r\n  c: 2\r\n");
  CHECK(root.find("b")->find("c")->line == 3);
  CHECK(root.find("b")->find("c")->text == "2");
}

TEST_CASE("block texts are texts", "[unit]") {
  const YamlNode root = tree_of("a: >\n  one\n  two\nb: |\n  12\n");
  CHECK(root.find("a")->text == "one two\n");
  CHECK(root.find("b")->quoted);
}

// Y1
TEST_CASE("a tab as indentation is a syntax error at the tab", "[messages]") {
  CHECK(place_of("a:\n\tb: 1\n") == "yaml_syntax 2:1-2");
  CHECK(place_of("a:\n  b: 1\n\tc: 1\n") == "yaml_syntax 3:1-2");
  CHECK(place_of("a:\n\ttext\n") == "yaml_syntax 2:1-2");
  CHECK(place_of("a: [1,\n \t2]\n") == "yaml_syntax 2:2-3");
  CHECK(problem_of("a:\n\tb: 1\n").remark == "nothing else in this file was checked");
  CHECK(tree_of("a:\t1\n").find("a")->text == "1");
}

TEST_CASE("an unclosed quote is reported where it opens", "[messages]") {
  CHECK(place_of("a: 1\nb: \"abc\nc: 2\n") == "yaml_syntax 2:4-8");
  CHECK(problem_of("a: 1\nb: \"abc\nc: 2\n").message == "this quote is never closed");
  CHECK(problem_of("a: 1\nb: 'abc\nc: 2\n").hint == "expected a closing '");
}

TEST_CASE("a quote that swallows lines is named beside the error it causes", "[messages]") {
  const Problem problem = problem_of("title: \"abc\nname: \"x\"\n");
  CHECK(problem.code == "yaml_syntax");
  CHECK(problem.related.line == 1);
  CHECK(problem.related.column == 8);
}

TEST_CASE("an unclosed bracket is reported where it opens", "[messages]") {
  CHECK(place_of("a: 1\nb: [1, 2\n") == "yaml_syntax 2:4-5");
  CHECK(problem_of("a: {x: 1\n").hint == "expected '}'");
  const Problem problem = problem_of("a: [1, 2\nb: 3\n");
  CHECK(problem.code == "yaml_syntax");
  CHECK(problem.related.column == 4);
}

TEST_CASE("other syntax errors say what was expected", "[messages]") {
  CHECK(problem_of("a: b: c\n").message == "':' is not expected here");
  CHECK(problem_of("a: 1\n  b: 2\n").code == "yaml_syntax");
  CHECK(problem_of("a: ]\n").code == "yaml_syntax");
  CHECK(problem_of("a: @x\n").message == "a value cannot begin with this character");
  CHECK(problem_of("a: \"\\q\"\n").message == "unknown escape in double quotes");
  CHECK(problem_of("a: 1\n- b\n").code == "yaml_syntax");
}

// Y2
TEST_CASE("files without a mapping show the smallest scenario", "[messages]") {
  for (const char* text : {"", "\n\n", "# only a comment\n", "- 1\n- 2\n", "just text\n", "~\n"}) {
    INFO(text);
    const Problem problem = problem_of(text);
    CHECK(problem.code == "yaml_empty");
    CHECK(problem.remark.find("schema: 1") != std::string::npos);
  }
  CHECK(place_of("\n- 1\n") == "yaml_empty 2:1-2");
}

// Y3
TEST_CASE("a second document is refused with its line", "[messages]") {
  const Problem problem = problem_of("a: 1\n---\nb: 2\n");
  CHECK(problem.code == "yaml_documents");
  CHECK(problem.message == "a second document starts at line 2");
  CHECK(problem.place.line == 2);
  CHECK(tree_of("---\na: 1\n...\n").find("a")->text == "1");
}

// Y4
TEST_CASE("anchors, aliases and merge keys are refused at the first", "[messages]") {
  CHECK(place_of("a: &x 1\nb: *x\n") == "yaml_alias 1:4-6");
  CHECK(place_of("a: *x\n") == "yaml_alias 1:4-6");
  CHECK(place_of("a: &x [*x]\n") == "yaml_alias 1:4-6");
  CHECK(place_of("&k a: 1\n") == "yaml_alias 1:1-3");
  CHECK(place_of("a:\n  <<: {b: 1}\n") == "yaml_alias 2:3-5");
  CHECK(place_of("a: &x\nb: 1\n") == "yaml_alias 1:4-6");
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i)
      bomb += std::string(i > 0 ? ", " : "") + "*" + static_cast<char>(c - 1);
    bomb += "]\n";
  }
  CHECK(place_of(bomb) == "yaml_alias 1:4-6");
}

// Y5
TEST_CASE("tags and keys that are no plain words are refused", "[messages]") {
  CHECK(place_of("a: !!float 1\n") == "yaml_tag 1:4-11");
  CHECK(place_of("a: !include x.yaml\n") == "yaml_tag 1:4-12");
  CHECK(place_of("a: !x [1]\n") == "yaml_tag 1:4-6");
  CHECK(place_of("a: !!null\n") == "yaml_tag 1:4-10");
  CHECK(place_of("[a, b]: 1\n") == "bad_key 1:1-2");
  CHECK(place_of("? {a: 1}\n: 1\n") == "bad_key 1:3-4");
  CHECK(place_of("a: 1\n~: 1\n") == "bad_key 2:1-2");
  CHECK(place_of("null: 1\n") == "bad_key 1:1-5");
  CHECK(place_of("\"a\": 1\n") == "bad_key 1:1-4");
}

// Y6
TEST_CASE("depth is limited to 24 levels", "[messages]") {
  const auto nested = [](int n) {
    return "a: " + std::string(static_cast<std::size_t>(n), '[') +
           std::string(static_cast<std::size_t>(n), ']') + "\n";
  };
  CHECK(tree_of(nested(23)).entries.size() == 1);
  CHECK(place_of(nested(24)) == "yaml_depth 1:27-28");
  CHECK(place_of(nested(10000)) == "yaml_depth 1:27-28");
  std::string deep;
  for (std::size_t i = 0; i < 600; ++i) deep += std::string(i, ' ') + "k:\n";
  CHECK(place_of(deep) == "yaml_depth 25:25-26");
  CHECK(problem_of(deep).message == "nested deeper than 24 levels");
}

// Y7
TEST_CASE("texts above the limits are refused", "[messages]") {
  const std::string large = "a: " + std::string(3u << 20, 'x');
  CHECK(problem_of(large).code == "too_large");
  std::string many = "a: [";
  for (int i = 0; i < 100001; ++i) many += "1,";
  CHECK(problem_of(many + "1]\n").code == "too_large");
}

// Y8, Y9
TEST_CASE("binary and wrongly encoded files are refused", "[messages]") {
  using namespace std::string_literals;
  CHECK(problem_of("a: 1\0b"s).code == "not_text");
  CHECK(problem_of("\x89PNG\r\n\x1a\n\0\0"s).message ==
        "this is no text, it starts like a PNG picture");
  CHECK(problem_of("\x89HDF\r\n\x1a\n\0"s).hint == "for a result use 'musi inspect'");
  CHECK(problem_of("a: x\x04y\n"s).code == "not_text");
  CHECK(problem_of("\xFF\xFE"
                   "a\0:\0"s)
            .code == "not_utf8");
  CHECK(problem_of("a\0:\0 \0"s).code == "not_utf8");
  const Problem problem = problem_of("é: 1\nb: \xFFz\n");
  CHECK(problem.code == "not_utf8");
  CHECK(problem.message == "byte \\xff at byte offset 9 is not UTF-8");
  CHECK(problem.place.line == 2);
  CHECK(problem.place.column == 4);
}

// K2
TEST_CASE("duplicate keys are reported with both places and the first is kept", "[messages]") {
  Problems problems;
  const auto root = parse_yaml("a: 1\np:\n  é: 1\n  é: 2\n  é: 3\na: 4\n", "a.yaml", problems);
  REQUIRE(root);
  CHECK(root->find("a")->text == "1");
  CHECK(root->find("p")->entries.size() == 1);
  problems.sort();
  CHECK(places(problems) == std::vector<std::string>{"duplicate_key 4:3-4", "duplicate_key 5:3-4",
                                                     "duplicate_key 6:1-2"});
  CHECK(problems.all()[0].message == "key 'é' appears twice in 'p'");
  CHECK(problems.all()[0].related.line == 3);
  CHECK(problems.all()[2].message == "key 'a' appears twice at the top level");
}

// K5
TEST_CASE("a key with another unit names the key and converts the value", "[messages]") {
  Problems problems;
  const YamlNode root = tree_of("annual_idr_mn: 40000\ncarry: 5\n");
  CHECK_FALSE(root.check_keys({"annual_idr_bn", "carry_pct"}, problems));
  REQUIRE(places(problems) == std::vector<std::string>{"wrong_unit 1:1-14", "wrong_unit 2:1-6"});
  CHECK(problems.all()[0].hint == "this key is 'annual_idr_bn'; 40,000 juta = 40");
  CHECK(problems.all()[0].suggestion == "annual_idr_bn");
  CHECK(problems.all()[1].hint == "this key is 'carry_pct'");
}

TEST_CASE("units convert only within one kind and one denominator", "[unit]") {
  const std::vector<std::string> keys{"share_pct", "area_ha", "cost_idr_mn_per_m", "start_year"};
  CHECK(find_unit_slip("share_share", keys, 0.4)->conversion.english == "0.4 as a share = 40");
  CHECK(find_unit_slip("area_m2", keys, 25000)->conversion.english == "25,000 m2 = 2.5");
  CHECK(find_unit_slip("cost_idr_bn_per_m", keys, 2)->conversion.english == "2 miliar = 2000");
  CHECK(find_unit_slip("cost_idr_bn", keys, 2)->conversion.english.empty());
  CHECK(find_unit_slip("start_month", keys, 4)->conversion.english.empty());
  CHECK_FALSE(find_unit_slip("volume_m3", keys, 4));
}

// K6-K11: the codes of the numbers stand in number_test.cpp; here their places.
TEST_CASE("numbers are refused at the value", "[messages]") {
  Problems problems;
  const YamlNode root = tree_of(
      "a: 20 %\nb: 1.500\nc: 1,5\nd: 012\ne: .nan\nf: 60:00\ng: 2.5\nh: '40'\ni: [1]\nj: {x: 1}\n");
  for (const YamlEntry& entry : root.entries) entry.value.as_whole({.min = 0}, problems);
  CHECK(places(problems) ==
        std::vector<std::string>{"unit_in_value 1:4-8", "ambiguous_number 2:4-9",
                                 "bad_number 3:4-7", "bad_number 4:4-7", "not_finite 5:4-8",
                                 "wrong_type 6:4-9", "not_whole 7:4-7", "wrong_type 8:4-8",
                                 "wrong_type 9:4-5", "wrong_type 10:4-5"});
  CHECK(problems.all()[7].hint == "write 40 without quotes");
  CHECK(problems.all()[9].message == "expected a number, found a mapping");
}

TEST_CASE("switches are only true or false", "[messages]") {
  Problems problems;
  const YamlNode root = tree_of("a: true\nb: false\nc: yes\nd: 'true'\ne: 0\nf: maybe\n");
  CHECK(root.find("a")->as_bool(problems) == true);
  CHECK(root.find("b")->as_bool(problems) == false);
  CHECK(problems.empty());
  for (const char* key : {"c", "d", "e", "f"}) CHECK_FALSE(root.find(key)->as_bool(problems));
  REQUIRE(problems.all().size() == 4);
  CHECK(problems.all()[0].message == "expected true or false, found 'yes'");
  CHECK(problems.all()[0].hint == "write true");
  CHECK(problems.all()[1].hint == "write true without quotes");
  CHECK(problems.all()[2].hint == "write false");
  CHECK(problems.all()[3].hint == "write true or false");
}

TEST_CASE("texts stay as they are written", "[unit]") {
  Problems problems;
  const YamlNode root = tree_of("a: 012\nb: no\nc: 3-4 Ulu\nd: ''\n");
  CHECK(root.find("a")->as_text(problems) == "012");
  CHECK(root.find("b")->as_text(problems) == "no");
  CHECK(root.find("c")->as_text(problems) == "3-4 Ulu");
  CHECK(problems.empty());
  CHECK_FALSE(root.find("d")->as_text(problems));
  CHECK(places(problems) == std::vector<std::string>{"empty_value 4:4-6"});
}

// K15
TEST_CASE("an unknown word names all words and the nearest", "[messages]") {
  Problems problems;
  const std::vector<std::string> rules{"official", "random", "largest_first"};
  tree_of("rule: oficial\n").find("rule")->as_choice(rules, problems);
  REQUIRE(places(problems) == std::vector<std::string>{"unknown_choice 1:7-14"});
  CHECK(problems.all()[0].hint == "did you mean 'official'?");
  CHECK(problems.all()[0].remark == "one of: official, random, largest_first");
}

// K16
TEST_CASE("a key without value is reported at the key", "[messages]") {
  Problems problems;
  const YamlNode root = tree_of("a:\nb: ~\nc: null\nd:\n  e:\n");
  root.check_keys({"a", "b", "c", "d"}, problems);
  root.find("d")->check_keys({"e"}, problems);
  CHECK(places(problems) == std::vector<std::string>{"empty_value 1:1-2", "empty_value 2:1-2",
                                                     "empty_value 3:1-2", "empty_value 5:3-4"});
  CHECK(root.find("a") == nullptr);
  CHECK(root.find_entry("a") != nullptr);
}

TEST_CASE("an empty list entry is reported at its dash", "[messages]") {
  Problems problems;
  const YamlNode root = tree_of("a:\n  - 1\n  -\n  - 3\n");
  root.find("a")->items[1].as_number({}, problems);
  CHECK(places(problems) == std::vector<std::string>{"empty_value 3:3-4"});
}

TEST_CASE("a missing key names its mapping and an example", "[messages]") {
  Problems problems;
  const YamlNode root = tree_of("sampling:\n  design: sobol\n");
  root.find("sampling")
      ->report_missing_key("seed", {"start of all chance", ""}, "seed: 1", problems);
  CHECK(format(problems.all()[0], {}) ==
        "a.yaml:2: error: missing key 'seed' in 'sampling'\n      = start of all chance\n"
        "      = example: seed: 1\n");
}

TEST_CASE("a single value can be read as from the command line", "[unit]") {
  Problems problems;
  const auto value = parse_yaml_value("{2027: 35}", "command line", problems);
  REQUIRE(value);
  CHECK(value->find("2027")->text == "35");
  CHECK(parse_yaml_value("12", "command line", problems)->text == "12");
  CHECK(problems.empty());
}

TEST_CASE("a single line of two megabytes with bad keys is read in little time", "[unit]") {
  std::string text = "{";
  for (int i = 0; i < 90000; ++i) text += "k" + std::to_string(i) + ": 012,";
  Problems problems;
  const auto root = parse_yaml(text + "}", "a.yaml", problems);
  REQUIRE(root);
  root->check_keys({"a"}, problems);
  CHECK(problems.all().size() == most_problems);
  const Problem& late = problems.all()[most_problems - 2];
  CHECK(late.source_line.size() < 5000);
  CHECK(format(late, {}).find("^") != std::string::npos);
}
