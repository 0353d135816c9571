#include "analysis/cli/first_screen.h"

#include <fmt/format.h>

#include "analysis/cli/terminal.h"
#include "analysis/provenance.h"

namespace musi::cli {

std::string first_screen(const std::string& lang,
                         const std::vector<std::unique_ptr<Command>>& commands) {
  const bool is_id = lang == "id";
  std::string text =
      is_id ? "musi - kapan luas kumuh kota mencapai 0 %, seberapa pasti, apa yang mengubahnya?\n"
            : "musi - when does a city's slum area reach 0 %, how sure is that, "
              "what would change it?\n";
  text += is_id ? "\nPEMAKAIAN\n  musi <perintah> [opsi]\n\nMULAI DI SINI\n"
                : "\nUSAGE\n  musi <command> [options]\n\nSTART HERE\n";
  text +=
      "  musi init my-study --template four-options\n"
      "  musi check my-study/palembang-four-options.yaml\n"
      "  musi run my-study/palembang-four-options.yaml --no-sweep\n";
  text += is_id ? "\nPERINTAH\n" : "\nCOMMANDS\n";
  for (const auto& command : commands) {
    text += fmt::format("  {:<10}  {}\n", command->name(), command->summary());
  }
  text += is_id ? "\nPrakiraan bergantung pada asumsi yang diberikan; \"musi inspect RESULT "
                  "--assumptions\" memuat daftarnya.\nEnglish: musi --lang en\n"
                : "\nForecasts depend on the assumptions you give; \"musi inspect RESULT "
                  "--assumptions\" lists them.\nBahasa Indonesia: musi --lang id\n";
  return text;
}

std::string version_line() { return fmt::format("musi {}", analysis::program().version); }

std::string version_text() {
  const analysis::Program p = analysis::program();
  return fmt::format(
      "musi {}\ncommit {}\ncompiler {}\nHDF5 {}\nscenario format 1\nresult format {}", p.version,
      p.git_commit, p.compiler, p.hdf5, analysis::result_format_version());
}

std::string version_fields() {
  const analysis::Program p = analysis::program();
  return fmt::format("\"musi\":{},\"commit\":{}", json_text(p.version), json_text(p.git_commit));
}

}  // namespace musi::cli
