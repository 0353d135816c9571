#include "analysis/report/page_reader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>

#include "analysis/provenance.h"
#include "analysis/report/page_json.h"
#include "analysis/result_parts.h"
#include "sim/core/error.h"
#include "sim/io/file.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string first_bytes(const std::string& path, std::size_t n) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(n, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(n));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return bytes;
}

std::string element(const std::string& html, const std::string& id, const std::string& path) {
  const std::string head = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t at = html.find(head);
  if (at == std::string::npos) {
    throw sim::IoError("foreign", fmt::format("'{}' is no report of musi", path));
  }
  const std::size_t from = at + head.size(), to = html.find("</script>", from);
  if (to == std::string::npos) {
    throw sim::IoError("truncated", fmt::format("'{}' is damaged: its data have no end", path));
  }
  return html.substr(from, to - from);
}

double number_of(const Json& value) { return value.is_number() ? value.get<double>() : missing; }

std::vector<double> numbers_of(const Json& list, std::size_t n) {
  std::vector<double> numbers;
  if (list.is_array()) {
    for (const Json& value : list) numbers.push_back(number_of(value));
  }
  numbers.resize(n, missing);
  return numbers;
}

/// The text behind `packed_lines` of page_data.cpp.
std::string unpacked_lines(const Json& packed) {
  std::string text;
  const Json &lines = packed.at("lines"), &runs = packed.at("runs");
  for (std::size_t i = 0; i + 1 < runs.size(); i += 2) {
    const auto last = runs[i + 1].get<std::size_t>();
    for (auto line = runs[i].get<std::size_t>(); line <= last; ++line) {
      text += lines.at(line).get<std::string>() + "\n";
    }
  }
  return text;
}

std::vector<std::uint8_t> bytes_of_base64(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  unsigned bits = 0;
  int n_bits = 0;
  for (const char c : text) {
    unsigned six = 0;
    if (c >= 'A' && c <= 'Z') {
      six = static_cast<unsigned>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      six = static_cast<unsigned>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      six = static_cast<unsigned>(c - '0') + 52;
    } else if (c == '+' || c == '/') {
      six = c == '+' ? 62 : 63;
    } else {
      break;
    }
    bits = bits << 6 | six;
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> n_bits & 255u));
  }
  return bytes;
}

/// Writes what a page holds of one of its results as a result file, piece by piece.
class PageResult {
 public:
  PageResult(const Json& data, const Json& inputs, std::size_t index)
      : data_(data), made_(data.at("files").at(index)), inputs_(inputs.at(index)), index_(index) {
    for (const Json& option : data.at("options")) {
      if (option.at("file").get<std::size_t>() == index) options_.push_back(&option);
    }
    n_ = made_.at("futures").get<std::size_t>();
    fill();
  }

  void write(const std::string& path) const {
    sim::io::H5Writer file(path);
    const sim::RecordStore none({}, dimension_lengths(input_), input_.options.size(), n_);
    const ResultParts parts{file, input_, none, n_};
    write_root_attributes(parts);
    write_dimensions(parts);
    write_options(parts);
    write_zero_years(file);
    write_sums(file);
    write_input_table(parts);
    write_drawn(file);
    write_sites(parts);
    write_observations(parts);
    write_inputs(parts);
    write_made(file);
    file.finish();
  }

 private:
  static std::string text(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  }

  /// Options whose names two results share carry the name of their file in front.
  std::string plain_name(const std::string& name) const {
    const std::string front = fs::path(text(made_, "name")).stem().string() + ": ";
    return name.starts_with(front) ? name.substr(front.size()) : name;
  }

  void fill() {
    const Json& question = data_.at("question");
    input_.title = text(data_, "title");
    input_.summary = text(data_, "summary");
    input_.question = text(data_, "question_text");
    input_.price_year = question.at("price_year").get<int>();
    input_.headline_definition = text(question, "definition");
    input_.headline_year = question.at("headline_year").get<int>();
    input_.city_area_ha = number_of(data_.at("city_area_ha"));
    for (const Json& year : data_.at("years")) input_.years.push_back(year.get<int>());
    for (const Json& code : data_.at("definitions")) {
      input_.definitions.push_back(code.get<std::string>());
    }
    for (const Json* option : options_) {
      ResultOption row{.name = plain_name(text(*option, "name")),
                       .base = text(*option, "base"),
                       .level = text(*option, "level"),
                       .title_en = text(option->at("title"), "en"),
                       .title_id = text(option->at("title"), "id"),
                       .kind = text(*option, "kind")};
      const Json& solved = option->at("solved");
      if (solved.is_object()) {
        row.solved = SolvedValue{number_of(solved.at("value")), number_of(solved.at("low")),
                                 number_of(solved.at("high"))};
      }
      input_.options.push_back(std::move(row));
    }
    if (index_ == 0) fill_tables();
    fill_provenance();
  }

  void fill_tables() {
    for (const Json& site : data_.at("sites")) {
      input_.sites.push_back({text(site, "id"), text(site, "name"), text(site, "kecamatan"),
                              text(site, "status"), number_of(site.at("latitude")),
                              number_of(site.at("longitude")), number_of(site.at("area"))});
    }
    for (const Json& row : data_.at("ledger")) {
      input_.inputs.push_back(
          {text(row, "path"), text(row, "unit"), text(row, "status"), text(row, "source")});
      for (const double value : numbers_of(row.value("drawn", Json()), 3)) drawn_.push_back(value);
    }
    for (const Json& row : data_.at("observations")) {
      const auto whole = [&](const char* name) {
        const double value = number_of(row.at(name));
        return std::isnan(value) ? 0 : static_cast<int>(value);
      };
      input_.observations.push_back({whole("year"), whole("month"), number_of(row.at("value")),
                                     number_of(row.at("low")), number_of(row.at("high")),
                                     text(row, "indicator"), text(row, "series"), text(row, "use"),
                                     text(row, "source")});
    }
  }

  void fill_provenance() {
    const Json& hashes = made_.at("input_sha256");
    const auto files = inputs_.find("inputs");
    for (const auto& [name, hash] : hashes.items()) {
      const bool is_there = files != inputs_.end() && files->contains(name);
      input_.provenance.inputs.push_back(
          {name, is_there ? files->at(name).get<std::string>() : "", hash.get<std::string>()});
    }
  }

  void write_zero_years(sim::io::H5Writer& file) const {
    sim::io::H5Variable zero;
    zero.path = "zero_year";
    zero.type = sim::io::H5Type::int16;
    zero.dims = {"option", "replicate", "definition"};
    zero.attributes = {{"units", "year"},
                       {"long_name", "first year of zero; -1 = not by the end"}};
    zero.missing = -1.0;
    file.variable(zero);
    const std::size_t n_definitions = input_.definitions.size();
    for (std::size_t o = 0; o < options_.size(); ++o) {
      std::vector<double> years(n_ * n_definitions, -1.0);
      for (std::size_t d = 0; d < n_definitions; ++d) {
        const auto codes =
            bytes_of_base64(text(options_[o]->at("zero"), input_.definitions[d].c_str()));
        if (codes.size() < n_) throw sim::IoError("truncated", "years of zero are cut off");
        for (std::size_t r = 0; r < n_; ++r) {
          if (codes[r] > 0) years[r * n_definitions + d] = input_.years.front() + codes[r] - 1.0;
        }
      }
      file.row("zero_year", o, std::span<const double>(years));
    }
  }

  /// Numbers of each future that `compare` asks for.
  void write_sums(sim::io::H5Writer& file) const {
    const std::size_t n_years = input_.years.size();
    sim::io::H5Variable area;
    area.path = "slum_area";
    area.dims = {"option", "replicate", "year"};
    area.attributes = {{"units", "ha"}, {"long_name", "slum area at the end of the headline year"}};
    area.missing = missing;
    file.variable(area);
    sim::io::H5Variable spent;
    spent.path = "spent_idr_bn";
    spent.dims = {"option", "replicate"};
    spent.attributes = {{"units", "IDR bn"},
                        {"long_name", "paid from the first to the headline year"},
                        {"from_year", std::int32_t{input_.years.front()}},
                        {"to_year", std::int32_t{input_.headline_year}}};
    spent.missing = missing;
    file.variable(spent);
    for (std::size_t o = 0; o < options_.size(); ++o) {
      const Json& futures = options_[o]->at("by_future");
      const std::vector<double> at_headline = numbers_of(futures.value("slum_area", Json()), n_);
      std::vector<double> by_year(n_ * n_years, missing);
      for (std::size_t y = 0; y < n_years; ++y) {
        if (input_.years[y] != input_.headline_year) continue;
        for (std::size_t r = 0; r < n_; ++r) by_year[r * n_years + y] = at_headline[r];
      }
      file.row("slum_area", o, std::span<const double>(by_year));
      const std::vector<double> paid = numbers_of(futures.value("paid", Json()), n_);
      file.row("spent_idr_bn", o, std::span<const double>(paid));
    }
  }

  void write_drawn(sim::io::H5Writer& file) const {
    if (input_.inputs.empty()) return;
    const std::vector<double> p{5.0, 50.0, 95.0};
    file.dimension("drawn_quantile", std::span<const double>(p), {{"units", "percent"}});
    sim::io::H5Variable drawn;
    drawn.path = "input_drawn";
    drawn.type = sim::io::H5Type::float64;
    drawn.dims = {"input", "drawn_quantile"};
    drawn.attributes = {{"long_name", "quantiles of what was drawn, in input_units"}};
    drawn.missing = missing;
    file.variable(drawn, std::span<const double>(drawn_));
  }

  void write_made(sim::io::H5Writer& file) const {
    file.group("provenance");
    file.text("provenance/scenario_yaml", text(inputs_, "scenario"));
    file.text("provenance/resolved_yaml", unpacked_lines(inputs_.at("resolved")));
    file.text("provenance/input_sha256", made_.at("input_sha256").dump());
    file.text("provenance/flags", text(inputs_, "flags"));
    if (inputs_.contains("points")) file.text("provenance/points", text(inputs_, "points"));
    const auto add = [&](const char* name, auto value) {
      file.attribute("provenance", {name, std::move(value)});
    };
    for (const char* name : {"musi_version", "git_commit", "compiler", "design", "created"}) {
      if (!text(made_, name).empty()) add(name, text(made_, name));
    }
    const std::string seed = text(made_, "seed");
    add("seed_hex", seed.starts_with("0x") ? seed.substr(2) : seed);
    add("result_format_version", text(made_, "result_format"));
    add("complete", std::int32_t{made_.at("complete").get<bool>()});
    add("replicates_planned", made_.at("planned").get<std::int32_t>());
  }

  const Json& data_;
  const Json& made_;
  const Json& inputs_;
  std::size_t index_, n_ = 0;
  std::vector<const Json*> options_;
  std::vector<double> drawn_;
  ResultInput input_;
};

/// Opens what a page holds of one result. The file behind it has no name any more.
std::unique_ptr<Results> result_of_page(const PageResult& result, const std::string& shown,
                                        const std::string& hash) {
  static std::atomic<int> count{0};
  const std::string path = (fs::temp_directory_path() /
                            fmt::format("musi-report-{}-{}.h5", ::getpid(), count++)).string();
  std::error_code ignored;
  try {
    result.write(path);
    auto opened = std::make_unique<Results>(path, shown, hash);
    fs::remove(path, ignored);
    return opened;
  } catch (...) {
    fs::remove(path, ignored);
    throw;
  }
}

Json parsed(const std::string& text, const std::string& path) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    throw sim::IoError("truncated", fmt::format("'{}' is damaged: its data are no JSON", path));
  }
  return json;
}

}  // namespace

bool is_page_file(const std::string& path) {
  std::string head = first_bytes(path, 64);
  for (char& c : head) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const std::size_t at = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return at != std::string::npos &&
         (head.compare(at, 9, "<!doctype") == 0 || head.compare(at, 5, "<html") == 0);
}

bool is_result_file(const std::string& path) {
  return first_bytes(path, 8) == std::string("\x89HDF\r\n\x1a\n", 8);
}

PageContent read_page(const std::string& path) {
  return page_content(sim::io::read_file(path), path);
}

PageContent page_content(const std::string& html, const std::string& path) {
  PageContent page{element(html, "musi-data", path), element(html, "musi-inputs", path)};
  const Json data = parsed(page.data, path);
  const auto format = data.find("page_format");
  if (format == data.end() || !format->is_number_integer()) {
    throw sim::IoError("foreign", fmt::format("'{}' is a page of musi without results", path));
  }
  if (format->get<int>() > page_format) {
    throw sim::IoError("newer_format",
                       fmt::format("'{}' has page format {}; this version reads up to {}", path,
                                   format->get<int>(), page_format));
  }
  return page;
}

std::vector<std::unique_ptr<Results>> open_results(const std::string& path) {
  std::vector<std::unique_ptr<Results>> results;
  if (!is_page_file(path)) {
    results.push_back(std::make_unique<Results>(path));
    return results;
  }
  const PageContent page = read_page(path);
  const Json data = parsed(page.data, path), inputs = parsed(page.inputs, path);
  try {
    const std::size_t n = data.at("files").size();
    for (std::size_t i = 0; i < n; ++i) {
      if (!inputs.at(i).contains("resolved")) {
        throw sim::IoError("not_in_result",
                           fmt::format("'{}' was written by a version whose reports cannot be read "
                                       "back; give the .h5 that it was made from",
                                       path));
      }
      const std::string name = data.at("files").at(i).at("name").get<std::string>();
      results.push_back(result_of_page(
          PageResult(data, inputs, i),
          n == 1 ? path : path + "#" + fs::path(name).stem().string(), sha256(page.data)));
    }
  } catch (const Json::exception& error) {
    throw sim::IoError("truncated", fmt::format("'{}' is damaged: {}", path, error.what()));
  }
  return results;
}

PageRecipe page_recipe(const PageContent& page) {
  const Json data = Json::parse(page.data);
  PageRecipe recipe;
  recipe.options.lang = data.value("languages", "both");
  recipe.options.first_lang = data.value("first_language", "en");
  recipe.options.brief = data.value("brief", false);
  for (const Json& shown : data.at("shown")) {
    recipe.options.shown.push_back(data.at("options").at(shown.get<std::size_t>()).at("name"));
  }
  const Json& thinned = data.at("thinned");
  recipe.detail = {thinned.at("paths").get<std::size_t>(), thinned.at("site_years").get<bool>(),
                   thinned.at("works").get<std::size_t>(), thinned.at("inputs").get<bool>()};
  for (const Json& file : data.at("files")) recipe.names.push_back(file.at("name"));
  return recipe;
}

}  // namespace musi::analysis
