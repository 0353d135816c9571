#include "analysis/cli/resume.h"

#include "sim/core/error.h"
#include "sim/io/text.h"

namespace musi::cli {

void refuse_changes(const std::string& folder, const std::vector<std::string>& changes,
                    bool asks) {
  if (changes.empty()) return;
  const std::string list = sim::io::joined(changes, 20);
  sim::Problem problem;
  problem.code = "cannot_resume";
  problem.place.file = folder;
  problem.message = asks ? "cannot resume: inputs, program or question have changed"
                         : "cannot resume: inputs or program have changed";
  problem.message_indonesian =
      asks ? "tidak dapat dilanjutkan: masukan, program, atau pertanyaan berubah"
           : "tidak dapat dilanjutkan: masukan atau program berubah";
  problem.remark = "changed: " + list + "; --force starts anew";
  problem.remark_indonesian = "berubah: " + list + "; --force memulai dari awal";
  throw sim::InputError({problem});
}

}  // namespace musi::cli
