#include "analysis/serve/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "analysis/scenario/schema.h"
#include "sim/io/number.h"
#include "sim/io/problems.h"
#include "sim/io/text.h"
#include "sim/io/yaml_tree.h"

namespace musi::analysis::serve {
namespace {

using nlohmann::json;

constexpr std::size_t longest_value = 4096;
constexpr std::size_t longest_name = 64;
/// Above this, numbers of JavaScript are not exact.
constexpr double largest_whole = 9007199254740991.0;

/// Thrown inside this file only; every reader hands it back as a value.
struct Refused {
  Refusal refusal;
};

[[noreturn]] void refuse(const char* code, std::string english, std::string indonesian,
                         std::string path = "") {
  throw Refused{
      refusal(400, code, std::move(english), std::move(indonesian), std::move(path))};
}

[[noreturn]] void refuse_field(const char* name, const char* english, const char* indonesian) {
  refuse("bad_request", fmt::format("'{}' {}", name, english),
         fmt::format("'{}' {}", name, indonesian));
}

json object_of(std::string_view body) {
  json parsed = json::parse(body, nullptr, false);
  if (parsed.is_discarded()) {
    refuse("bad_json", "the body is no JSON", "isi permintaan bukan JSON");
  }
  if (!parsed.is_object()) {
    refuse("bad_json", "the body is no JSON object", "isi permintaan bukan objek JSON");
  }
  return parsed;
}

double number_of(const json& body, const char* name, double low, double high) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_number()) {
    refuse_field(name, "must be a number", "harus berupa bilangan");
  }
  const double value = found->get<double>();
  if (!(value >= low && value <= high)) {
    refuse("out_of_range", fmt::format("'{}' must be {:.17g} to {:.17g}", name, low, high),
           fmt::format("'{}' harus {:.17g} sampai {:.17g}", name, low, high));
  }
  return value;
}

std::int64_t whole_of(const json& body, const char* name, double low, double high) {
  const double value = number_of(body, name, low, high);
  if (value != std::floor(value)) refuse_field(name, "must be whole", "harus bilangan bulat");
  return static_cast<std::int64_t>(value);
}

std::string text_of(const json& body, const char* name, bool needed) {
  const auto found = body.find(name);
  if (found == body.end() && !needed) return "";
  if (found == body.end() || !found->is_string()) {
    refuse_field(name, "must be a text", "harus berupa teks");
  }
  return found->get<std::string>();
}

std::int64_t seq_of(const json& body) { return whole_of(body, "seq", 0.0, largest_whole); }

/// Whether a value names a file, however deep inside.
bool names_file(const sim::io::YamlNode& node) {
  if (node.is_scalar() && node.text == "empirical") return true;
  for (const sim::io::YamlEntry& entry : node.entries) {
    if (entry.key == "empirical" || entry.key == "file" || names_file(entry.value)) return true;
  }
  return std::any_of(node.items.begin(), node.items.end(), names_file);
}

bool is_refused_path(const std::string& path) {
  static const std::vector<std::string> heads{"city", "extends", "outputs", "sampling", "schema",
                                              "options", "levels", "sweep", "set"};
  const std::string head = path.substr(0, path.find_first_of(".["));
  if (std::find(heads.begin(), heads.end(), head) != heads.end()) return true;
  for (const std::string& word : segments(path)) {
    if (word == "empirical") return true;
  }
  const SchemaNode* const node = schema().find(path);
  return node != nullptr && node->key != nullptr && node->key->type == KeyType::file_path;
}

[[noreturn]] void refuse_path(const std::string& path) {
  refuse("refused_key",
         fmt::format("'{}' names files or settings of the run and cannot be changed here",
                     sim::io::quoted_value(path)),
         fmt::format("'{}' menyangkut berkas atau pengaturan dan tidak dapat diubah di sini",
                     sim::io::quoted_value(path)),
         path);
}

/// A value as it would be written in a scenario.
std::string written(const std::string& path, const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number()) return sim::io::number_text(value.get<double>());
  if (!value.is_string()) {
    refuse("wrong_type", "a value must be a number, a text, true or false",
           "nilai harus bilangan, teks, true atau false", path);
  }
  std::string text = value.get<std::string>();
  if (text.size() > longest_value) {
    refuse("too_large", fmt::format("a value may have {} bytes", longest_value),
           fmt::format("nilai paling panjang {} bita", longest_value), path);
  }
  sim::io::Problems problems;
  const auto node = sim::io::parse_yaml_value(text, "request", problems);
  if (problems.has_errors()) throw Refused{{400, problems.all()}};
  if (node && names_file(*node)) refuse_path(path);
  return text;
}

std::vector<Override> set_of(const json& body) {
  std::vector<Override> all;
  const auto found = body.find("set");
  if (found == body.end()) return all;
  if (!found->is_object()) refuse_field("set", "must be an object", "harus berupa objek");
  if (found->size() > most_set_paths) {
    refuse("too_many_paths",
           fmt::format("'set' has {} paths; {} are allowed", found->size(), most_set_paths),
           fmt::format("'set' memuat {} jalur; paling banyak {}", found->size(), most_set_paths));
  }
  for (const auto& [path, value] : found->items()) {
    if (is_refused_path(path)) refuse_path(path);
    all.push_back({.path = path, .value = written(path, value), .origin = "request"});
  }
  return all;  // in the order of their paths: equal changes are equal questions
}

Question question_of(const json& body, double default_replicates) {
  Question question;
  question.set = set_of(body);
  if (const auto found = body.find("options"); found != body.end()) {
    if (!found->is_array()) refuse_field("options", "must be a list", "harus berupa daftar");
    if (found->size() > most_options) {
      refuse_field("options", "names too many options", "menyebut terlalu banyak opsi");
    }
    for (const json& name : *found) {
      if (!name.is_string()) refuse_field("options", "must be texts", "harus berupa teks");
      question.options.push_back(name.get<std::string>());
    }
  }
  if (default_replicates > 0.0 && !body.contains("replicates")) {
    question.replicates = static_cast<std::size_t>(default_replicates);
  } else {
    question.replicates = static_cast<std::size_t>(
        whole_of(body, "replicates", 1.0, static_cast<double>(most_futures)));
  }
  return question;
}

template <class Request, class Read>
Reading<Request> reading(std::string_view body, Read read) {
  try {
    return read(object_of(body));
  } catch (Refused& refused) {
    return std::move(refused.refusal);
  }
}

}  // namespace

Reading<RunRequest> read_run(std::string_view body) {
  return reading<RunRequest>(body, [](const json& object) {
    RunRequest request;
    request.seq = seq_of(object);
    request.question = question_of(object, 0.0);
    return request;
  });
}

Reading<GoalRequest> read_goal(std::string_view body) {
  return reading<GoalRequest>(body, [](const json& object) {
    GoalRequest request;
    request.seq = seq_of(object);
    request.question = question_of(object, 100.0);
    if (const std::string option = text_of(object, "option", false); !option.empty()) {
      request.question.options = {option};
    }
    request.vary = text_of(object, "vary", true);
    if (is_refused_path(request.vary)) refuse_path(request.vary);
    const auto between = object.find("between");
    if (between == object.end() || !between->is_array() || between->size() != 2 ||
        !(*between)[0].is_number() || !(*between)[1].is_number()) {
      refuse_field("between", "must be two numbers", "harus dua bilangan");
    }
    request.low = (*between)[0].get<double>();
    request.high = (*between)[1].get<double>();
    if (!(request.low < request.high)) refuse_field("between", "must rise", "harus menaik");
    request.chance_pct = number_of(object, "chance_pct", 0.1, 100.0);
    request.by = static_cast<int>(whole_of(object, "by", 1900.0, 2200.0));
    request.definition = text_of(object, "definition", false);
    return request;
  });
}

Reading<CancelRequest> read_cancel(std::string_view body) {
  return reading<CancelRequest>(
      body, [](const json& object) { return CancelRequest{seq_of(object)}; });
}

Reading<SaveRequest> read_save(std::string_view body) {
  return reading<SaveRequest>(body, [](const json& object) {
    SaveRequest request;
    request.name = text_of(object, "name", true);
    const bool is_plain =
        !request.name.empty() && request.name.size() <= longest_name &&
        request.name.front() != '-' &&
        std::all_of(request.name.begin(), request.name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!is_plain) {
      refuse("bad_name", "a name has 1 to 64 lower-case letters, digits and hyphens",
             "nama terdiri atas 1 sampai 64 huruf kecil, angka, dan tanda hubung");
    }
    const std::string kind = text_of(object, "kind", true);
    if (kind == "yaml") {
      request.kind = SaveKind::yaml;
    } else if (kind == "hdf5") {
      request.kind = SaveKind::hdf5;
    } else if (kind == "html") {
      request.kind = SaveKind::html;
    } else {
      refuse("unknown_choice", "'kind' must be yaml, hdf5 or html",
             "'kind' harus yaml, hdf5 atau html");
    }
    request.question = question_of(object, 1.0);
    return request;
  });
}

std::string problem_fields(const sim::Problem& problem, Tongue tongue, int exit_code) {
  const std::string object =
      sim::io::to_json(problem, exit_code,
                       tongue == Tongue::indonesian ? sim::io::Language::indonesian
                                                    : sim::io::Language::english);
  return object.substr(1, object.size() - 2);
}

std::string refusal_json(const Refusal& refusal, Tongue tongue) {
  const int code = refusal.status == 500 ? 1 : refusal.status == 400 ? 3 : 4;
  std::string text = "{\"event\":\"problem\"";
  std::string more;
  for (std::size_t i = 0; i < refusal.problems.size(); ++i) {
    const std::string fields = problem_fields(refusal.problems[i], tongue, code);
    if (i == 0) {
      text += "," + fields;
    } else {
      more += (more.empty() ? "{" : ",{") + fields + "}";
    }
  }
  if (!more.empty()) text += ",\"more\":[" + more + "]";
  return text + "}\n";
}

std::string event_line(std::string_view name, double seconds, std::int64_t seq,
                       std::string_view fields) {
  return fmt::format("{{\"event\":\"{}\",\"t\":{:.3f},\"seq\":{}{}{}}}\n", name, seconds, seq,
                     fields.empty() ? "" : ",", fields);
}

std::string json_string(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace musi::analysis::serve
