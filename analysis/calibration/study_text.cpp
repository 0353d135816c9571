#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/calibration/study.h"
#include "analysis/headline.h"

namespace musi::analysis::calibration {
namespace {

constexpr std::size_t most_told = 40;

/// A table with a header, aligned for people or with tabs.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text(bool is_plain) const {
    std::string text;
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], length(row[c]));
    }
    for (const auto& row : rows_) {
      std::string line = is_plain ? "" : "  ";
      for (std::size_t c = 0; c < row.size(); ++c) {
        const std::string space(widths[c] - length(row[c]), ' ');
        if (is_plain) {
          line += (c == 0 ? "" : "\t") + row[c];
        } else {
          line += c == 0 ? row[c] + space : "  " + space + row[c];
        }
      }
      text += line + "\n";
    }
    return text;
  }

 private:
  /// Letters, not bytes.
  static std::size_t length(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
  }
  std::vector<std::vector<std::string>> rows_;
};

class Writer {
 public:
  Writer(const Study& study, const std::string& lang, bool is_plain)
      : study_(study), lang_(lang), is_plain_(is_plain) {}

  std::string write() {
    head();
    if (study_.learnable) learnable();
    for (const ReadingResult& r : study_.readings) reading(r);
    if (study_.readings.size() > 1) weigh_readings();
    return std::move(text_);
  }

 private:
  std::string tr(const char* en, const char* id) const { return lang_ == "id" ? id : en; }
  std::string number(double x) const {
    if (std::isnan(x)) return "-";
    const double size = std::abs(x);
    const int decimals = size >= 100.0 ? 0 : size >= 10.0 ? 1 : size >= 1.0 ? 2 : 3;
    return number_text(x, decimals, lang_);
  }
  std::string percent(double share, int decimals = 0) const {
    return number_text(100.0 * share, decimals, lang_) + " %";
  }
  std::string range(double low, double high) const {
    return number(low) + tr(" to ", " sampai ") + number(high);
  }
  void line(const std::string& text) { text_ += text + "\n"; }
  void title(const std::string& text) { text_ += (is_plain_ ? "# " : "\n") + text + "\n"; }
  std::string says(Reading reading) const {
    return reading == Reading::measured
               ? tr("measured: the published area is the area on the ground, with the error of "
                    "publishing",
                    "measured (terukur): luas yang diumumkan adalah luas di lapangan, dengan galat "
                    "pengumuman")
               : tr("administrative: the published area is what the office's books say, with that "
                    "error, less what is removed on paper",
                    "administrative (administratif): luas yang diumumkan adalah isi buku dinas, "
                    "dengan galat itu, dikurangi yang dihapus di atas kertas");
  }
  static std::string method_word(Method method) {
    return method == Method::both ? "both" : method == Method::history ? "history" : "abc";
  }

  void head() {
    line(fmt::format("{} · {} · {} · {} {} - {}", study_.city, study_.file, study_.option,
                     tr("end of", "akhir"), study_.first_year, study_.last_year));
    line(fmt::format(
        "{}: {}; {} {}, {} {}, {} {}; {} {}; {} {}", tr("method", "metode"),
        method_word(study_.method), study_.n_waves, tr("waves", "gelombang"),
        study_.runs_per_wave, tr("runs each", "kali jalan masing-masing"), study_.n_runs,
        tr("runs in all", "kali jalan seluruhnya"), study_.paths.size(),
        tr("uncertain inputs", "masukan tidak pasti"), tr("seed", "benih"), study_.seed));
    line(tr("Only rows of observed.csv with use = calibrate were read.",
            "Hanya baris observed.csv dengan use = calibrate yang dibaca."));
  }

  // --- one reading ----------------------------------------------------------------------------

  void reading(const ReadingResult& r) {
    title(says(r.reading));
    for (const NotCompared& n : r.compared.not_used) {
      line(fmt::format("  {} {}: {}", tr("not compared:", "tidak dibandingkan:"), n.name,
                       lang_ == "id" ? n.why_id : n.why_en));
    }
    waves(r);
    discrepancy(r);
    books(r);
    if (r.fit.is_empty()) {
      line(nothing_text(r, lang_));
    } else {
      accepted(r);
    }
    hindcasts(r);
    if (r.perfect) perfect(r);
    if (!r.fit.is_empty()) uses(r);
  }

  void accepted(const ReadingResult& r) {
    line("");
    line(fmt::format("  {} {} {} {} {} {}", r.fit.acceptance.accepted.size(),
                     tr("draws accepted of", "penarikan diterima dari"), r.fit.kept.size(),
                     tr("runs in the space left;", "kali jalan di ruang yang tersisa;"),
                     r.columns.size(), tr("inputs matter", "masukan berpengaruh")));
    if (r.columns.empty()) {
      line(tr("  No table of draws is written: none of the inputs would differ from its prior.",
              "  Tabel penarikan tidak ditulis: tidak ada masukan yang berbeda dari awalnya."));
    }
    misfit(r);
    fall(r);
    inputs(r);
    structures(r);
  }

  void waves(const ReadingResult& r) {
    std::vector<std::string> header{tr("wave", "gelombang"), tr("runs", "kali jalan"),
                                    tr("space left", "ruang tersisa")};
    for (const Comparison& c : r.compared.used) header.push_back(c.target.name);
    Table table(header);
    for (std::size_t w = 0; w < r.fit.waves.size(); ++w) {
      const Wave& wave = r.fit.waves[w];
      std::vector<std::string> row{fmt::format("{}", w + 1), fmt::format("{}", wave.n_runs),
                                   percent(wave.left.share, 1)};
      for (const double misfit : wave.misfit) row.push_back(number_text(misfit, 2, lang_));
      table.add(row);
    }
    line(tr("  Misfit of each observation: mean distance of the runs of the wave [sd]",
            "  Selisih tiap pengamatan: jarak rata-rata kali jalan gelombang itu [sd]"));
    text_ += table.text(is_plain_);
    Table emulators({tr("observation", "pengamatan"), tr("observed", "teramati"),
                     tr("runs of wave 1, least to most", "kali jalan gelombang 1"),
                     tr("emulator predicts", "emulator meramal"),
                     tr("inputs in it", "masukan di dalamnya"),
                     tr("excludes alone", "menyisihkan sendiri")});
    const Wave& last = r.fit.waves.back();
    for (std::size_t t = 0; t < r.compared.used.size() && t < last.predicted_share.size(); ++t) {
      const Target& target = r.compared.used[t].target;
      emulators.add({target.name, (target.at_most ? "≤ " : "") + number(target.value),
                     range(r.reach[t].low, r.reach[t].high),
                     percent(std::max(0.0, last.predicted_share[t])),
                     fmt::format("{}", last.n_active[t]), percent(last.left.excluded[t], 1)});
    }
    text_ += emulators.text(is_plain_);
  }

  /// How wrong the model would have to be, in the unit of the largest area.
  void discrepancy(const ReadingResult& r) {
    double largest = 0.0;
    for (const Comparison& c : r.compared.used) {
      if (c.is_area) largest = std::max(largest, c.target.value);
    }
    if (largest == 0.0) return;
    const Discrepancy& d = r.discrepancy;
    const std::string high = d.is_open ? tr("more than ", "lebih dari ") + percent(d.high)
                                       : percent(d.high);
    line("");
    line(fmt::format("  {} {} ({}: {} {} {}), {} {} ha {} {} ha",
                     tr("Further error of the model that the published areas ask for, beside those "
                        "stated:",
                        "Galat model tambahan yang diminta luas yang diumumkan, di samping yang "
                        "dinyatakan:"),
                     percent(d.likeliest), tr("95 % interval", "rentang 95 %"), percent(d.low),
                     tr("to", "sampai"), high, tr("or", "atau"),
                     number(d.likeliest * largest), tr("at", "pada"), number(largest)));
    if (d.low > 0.0) {
      line(tr("  So the figures fit only if the model may be that wrong; draws below do not allow "
              "for it.",
              "  Jadi angka cocok hanya bila model boleh sekeliru itu; penarikan di bawah tidak "
              "memperhitungkannya."));
    } else if (d.likeliest > 0.0) {
      line(tr("  Zero lies within the interval: the figures do not show that the model is more "
              "wrong than stated.",
              "  Nol berada di dalam rentang: angka tidak menunjukkan model lebih keliru daripada "
              "yang dinyatakan."));
    } else {
      line(tr("  None: the stated errors suffice.", "  Tidak ada: galat yang dinyatakan cukup."));
    }
  }

  /// Structural rivals of the published figure (MODEL.md 26, step 6).
  void books(const ReadingResult& r) {
    double sum = 0.0;
    for (const auto& book : r.books) sum += book.agreement;
    if (!(sum > 0.0)) return;
    Table table({tr("book behind the areas, each alike before", "buku di balik luas"),
                 tr("share of agreement", "bagian kecocokan")});
    for (const auto& book : r.books) {
      table.add({lang_ == "id" ? book.name_id : book.name_en, percent(book.agreement / sum)});
    }
    line("");
    text_ += table.text(is_plain_);
  }

  bool is_fall_met(const ReadingResult& r) const {
    const FallRange stated = stated_fall(r.reading);
    return r.posterior_fall.high >= stated.low && r.posterior_fall.low <= stated.high;
  }

  /// What a table of draws is good for, from what was found.
  void uses(const ReadingResult& r) {
    const std::size_t n_told = static_cast<std::size_t>(
        std::count_if(r.inputs.begin(), r.inputs.end(),
                      [](const InputJudgement& j) { return j.is_told; }));
    const auto n_areas = std::count_if(r.compared.used.begin(), r.compared.used.end(),
                                       [](const Comparison& c) { return c.is_area; });
    line("");
    line(tr("  What these draws are for", "  Kegunaan penarikan ini"));
    if (2 * n_inside(r.left_out) >= r.left_out.size()) {
      line(fmt::format("  + {}", tr("forecasts of the figure that the office publishes, if this "
                                    "reading is right",
                                    "ramalan angka yang diumumkan dinas, bila bacaan ini benar")));
    } else {
      line(fmt::format("  + {}", tr("to see how far an answer hangs on the reading of the past",
                                    "melihat sejauh mana jawaban bergantung pada bacaan masa "
                                    "lalu")));
      line(fmt::format("  - {}", tr("not for forecasts of the published figure: most figures left "
                                    "out lie outside their 90 % interval",
                                    "bukan untuk ramalan angka yang diumumkan: sebagian besar "
                                    "angka yang dikeluarkan berada di luar rentang 90 %")));
    }
    if (!is_fall_met(r)) {
      line(fmt::format("  - {}",
                       tr("not for the area on the ground: its fall is not the one this reading "
                          "states, so errors of publishing and hectares removed on paper bear the "
                          "fit",
                          "bukan untuk luas di lapangan: penurunannya bukan yang dinyatakan bacaan "
                          "ini, jadi galat pengumuman dan hektare yang dihapus di atas kertas "
                          "menanggung kecocokan")));
    }
    line(fmt::format("  - {} {} {} {} {} {}", tr("not for what", "bukan untuk"),
                     study_.paths.size() - n_told, tr("of", "dari"), study_.paths.size(),
                     tr("inputs do: the data do not tell them, they are as assumed as before;",
                        "masukan yang tidak terungkap data dan tetap berupa asumsi;"),
                     fmt::format("{} {}", n_areas, tr("areas are few", "luas itu sedikit"))));
    bool is_better = !r.skill.against.empty();
    for (const Skill::Against& a : r.skill.against) {
      is_better = is_better && a.n > 0 && a.mae_skill > 0.0 && a.crps_skill > 0.0;
    }
    if (!is_better) {
      line(fmt::format("  - {}", tr("not in place of the reference forecasts where these do better "
                                    "above",
                                    "bukan pengganti ramalan pembanding yang lebih baik di atas")));
    }
  }

  void misfit(const ReadingResult& r) {
    Table table({tr("observation", "pengamatan"), tr("observed", "teramati"),
                 tr("sd of the comparison", "sd perbandingan"), tr("before", "sebelum"),
                 tr("90 % range", "rentang 90 %"), tr("after", "sesudah"),
                 tr("90 % range", "rentang 90 %"), tr("agreement", "kecocokan")});
    for (std::size_t t = 0; t < r.compared.used.size(); ++t) {
      const Target& target = r.compared.used[t].target;
      table.add({target.name + ", " + target.unit,
                 (target.at_most ? "≤ " : "") + number(target.value), number(target.sd),
                 number(r.prior[t].middle), range(r.prior[t].low, r.prior[t].high),
                 number(r.posterior[t].middle), range(r.posterior[t].low, r.posterior[t].high),
                 percent(r.fit.acceptance.by_target[t])});
    }
    text_ += table.text(is_plain_);
  }

  void fall(const ReadingResult& r) {
    const FallRange stated = stated_fall(r.reading);
    line(fmt::format("  {}: {} ({}) {}, {} ({}) {}; {} {}",
                     tr("Fall of the area on the ground, ha a year",
                        "Penurunan luas di lapangan, ha per tahun"),
                     number(r.prior_fall.middle), range(r.prior_fall.low, r.prior_fall.high),
                     tr("before", "sebelum"), number(r.posterior_fall.middle),
                     range(r.posterior_fall.low, r.posterior_fall.high), tr("after", "sesudah"),
                     tr("this reading says", "bacaan ini menyatakan"),
                     range(stated.low, stated.high)));
    if (!is_fall_met(r)) {
      line(tr("  The model does not bring about the fall that this reading says: the model or the "
              "reading is wrong.",
              "  Model tidak menghasilkan penurunan yang dinyatakan bacaan ini: model atau bacaan "
              "ini keliru."));
    }
  }

  void inputs(const ReadingResult& r) {
    std::vector<InputJudgement> told;
    for (const InputJudgement& j : r.inputs) {
      if (j.is_told) told.push_back(j);
    }
    std::stable_sort(told.begin(), told.end(), [](const auto& a, const auto& b) {
      return a.p_value < b.p_value;
    });
    line("");
    if (told.empty()) {
      line(fmt::format("  {} {} {}", tr("The data tell none of the",
                                           "Data tidak memberi tahu apa pun tentang"),
                       study_.paths.size(),
                       tr("inputs: each keeps the distribution it had (false discoveries 10 %).",
                          "masukan: masing-masing tetap (temuan palsu 10 %).")));
    } else {
      line(fmt::format("  {} {} {} {}:",
                       tr("Inputs that the data tell (false discoveries 10 %)",
                          "Masukan yang terungkap data (temuan palsu 10 %)"),
                       told.size(), tr("of", "dari"), study_.paths.size()));
      Table table({tr("input", "masukan"), tr("unit", "satuan"), tr("before", "sebelum"),
                   tr("90 % range", "rentang 90 %"), tr("after", "sesudah"),
                   tr("90 % range", "rentang 90 %")});
      for (std::size_t i = 0; i < told.size() && i < most_told; ++i) {
        const InputJudgement& j = told[i];
        table.add({study_.paths[j.input], study_.units[j.input], number(j.prior_middle),
                   range(j.prior_low, j.prior_high), number(j.middle), range(j.low, j.high)});
      }
      text_ += table.text(is_plain_);
    }
    const std::size_t n_rest = r.inputs.size() - told.size();
    line(fmt::format("  {} {}", n_rest,
                     tr("inputs the data cannot tell; of these the ones that matter for an "
                        "observation:",
                        "masukan tidak terungkap data; di antaranya yang berpengaruh pada suatu "
                        "pengamatan:")));
    std::string names;
    for (const std::size_t input : r.columns) {
      if (r.inputs[input].is_told) continue;
      names += (names.empty() ? "" : ", ") + study_.paths[input];
    }
    line("    " + (names.empty() ? tr("none", "tidak ada") : names));
    if (r.zero_input) {
      line(fmt::format("  {} {}", study_.paths[*r.zero_input],
                       tr("is 0 in every draw: under this reading nothing is removed on paper.",
                          "bernilai 0 pada setiap penarikan: menurut bacaan ini tidak ada yang "
                          "dihapus di atas kertas.")));
    }
    if (is_plain_) return;
    line(tr("  (all others keep their own distributions and are not in the file of draws)",
            "  (yang lain tetap memakai distribusinya dan tidak ada di berkas penarikan)"));
  }

  void structures(const ReadingResult& r) {
    if (r.structures.empty()) return;
    Table table({tr("rival structure", "struktur pesaing"), tr("before", "sebelum"),
                 tr("after", "sesudah")});
    for (const StructureShare& s : r.structures) {
      table.add({s.name, percent(s.prior), percent(s.accepted)});
    }
    text_ += table.text(is_plain_);
    line(tr("  Structures are drawn by chance in every run: the file of draws does not hold them.",
            "  Struktur diundi pada setiap kali jalan: berkas penarikan tidak memuatnya."));
  }

  /// What the model and the references say of each published area: always told.
  void hindcasts(const ReadingResult& r) {
    line("");
    if (r.prior_left_out.empty()) {
      line(tr("  No published area is compared: there is no hindcast to judge.",
              "  Tidak ada luas yang diumumkan untuk dibandingkan: tidak ada hindcast."));
      return;
    }
    if (r.fit.is_empty()) {
      line(tr("  Hindcast, NOT CALIBRATED because no draw was accepted: the prior, all runs of "
              "wave 1 alike",
              "  Hindcast, TIDAK DIKALIBRASI karena tidak ada penarikan yang diterima: sebaran "
              "awal, semua kali jalan gelombang 1 sama bobotnya"));
      one_hindcast(r.prior_left_out, r.prior_skill);
    } else {
      line(tr("  Calibrated hindcast: each year left out in turn, the others weigh the runs of "
              "wave 1",
              "  Hindcast terkalibrasi: setiap tahun dikeluarkan bergiliran, yang lain memberi "
              "bobot kali jalan gelombang 1"));
      one_hindcast(r.left_out, r.skill);
      line("");
      line(tr("  Beside it the hindcast not calibrated: the prior, all runs of wave 1 alike",
              "  Di sampingnya hindcast tanpa kalibrasi: sebaran awal, semua kali jalan "
              "gelombang 1 sama bobotnya"));
      one_hindcast(r.prior_left_out, r.prior_skill);
    }
    line(tr("  References know the starting area and the figures of the other years. Intervals are "
            "of model runs and of the error of publishing, without the discrepancy of the model.",
            "  Pembanding mengetahui luas awal dan angka tahun lain. Rentang berasal dari kali "
            "jalan model dan galat pengumuman, tanpa selisih model."));
  }

  void one_hindcast(const std::vector<LeftOut>& left_out, const Skill& told) {
    std::vector<std::string> header{tr("observation", "pengamatan"), tr("observed", "teramati"),
                                    tr("model", "model"), tr("90 % interval", "rentang 90 %"),
                                    tr("inside", "di dalam"), "CRPS"};
    for (const ReferenceForecast& f : left_out.front().references) header.push_back(f.name);
    header.push_back(tr("runs behind it", "kali jalan"));
    Table table(header);
    for (const LeftOut& l : left_out) {
      std::vector<std::string> row{l.name, number(l.observed), number(l.middle),
                                   range(l.low, l.high),
                                   l.is_inside() ? tr("yes", "ya") : tr("no", "tidak"),
                                   number(l.crps)};
      for (const ReferenceForecast& f : l.references) {
        row.push_back(f.value ? number(*f.value) : "-");
      }
      row.push_back(number_text(l.effective_runs, 0, lang_));
      table.add(row);
    }
    text_ += table.text(is_plain_);
    line(fmt::format("  {} {} {} {}", n_inside(left_out), tr("of", "dari"), left_out.size(),
                     tr("inside the 90 % interval", "di dalam rentang 90 %")));
    skill(told);
  }

  void skill(const Skill& told) {
    line(fmt::format("  {} {}, CRPS {}", tr("model: mean error", "model: galat rata-rata"),
                     number(told.model_mae), number(told.model_crps)));
    for (const Skill::Against& a : told.against) {
      if (a.n == 0) {
        line(fmt::format("  {}: {}", a.name,
                         tr("too few figures to forecast", "terlalu sedikit angka")));
        continue;
      }
      line(fmt::format("  {}: {} {}; {} {} ({}), {} (CRPS){}", a.name,
                       tr("mean error", "galat rata-rata"), number(a.mae),
                       tr("skill of the model", "keunggulan model"), percent(a.mae_skill),
                       tr("mean error", "galat rata-rata"), percent(a.crps_skill), better(a)));
    }
  }

  /// The verdict in words: the two scores may disagree.
  std::string better(const Skill::Against& a) const {
    if (a.mae_skill <= 0.0 && a.crps_skill <= 0.0) {
      return tr(": the model is no better", ": model tidak lebih baik");
    }
    if (a.mae_skill <= 0.0) {
      return tr(": the model is better by CRPS only", ": model lebih baik hanya menurut CRPS");
    }
    return {};
  }

  void perfect(const ReadingResult& r) {
    line(fmt::format(
        "  {} {} {}: {} {} {} 90 % ({} {})",
        tr("Perfect model:", "Model sempurna:"), r.perfect->n_trials,
        tr("runs played reality", "kali jalan menjadi kenyataan"),
        tr("known inputs lie in their 90 % range in", "masukan yang diketahui ada dalam rentang "
                                                      "90 % pada"),
        percent(r.perfect->coverage), tr("of the cases; nominal", "kasus; nominal"),
        number_text(r.perfect->effective_runs, 0, lang_),
        tr("effective runs each", "kali jalan efektif")));
  }

  // --- the whole ------------------------------------------------------------------------------

  void learnable() {
    const Learnable& l = *study_.learnable;
    title(tr("Perfect model: share of the variance of an input that could be learned from",
             "Model sempurna: bagian ragam suatu masukan yang dapat dipelajari dari"));
    line(tr("  (0) the observations there are; (a) the published area of every year; (b) and the "
            "area of every site at the end; (c) and houses repaired and money paid every year",
            "  (0) pengamatan yang ada; (a) luas yang diumumkan tiap tahun; (b) dan luas tiap "
            "lokasi pada akhir; (c) dan rumah diperbaiki serta dana terbayar tiap tahun"));
    Table table({tr("input", "masukan"), "(0)", "(a)", "(b)", "(c)"});
    std::vector<std::size_t> order;
    std::array<std::size_t, 4> n_learned{};
    for (std::size_t i = 0; i < study_.paths.size(); ++i) {
      double most = 0.0;
      for (std::size_t set = 0; set < 4; ++set) {
        most = std::max(most, l.share[set][i]);
        n_learned[set] += l.share[set][i] >= learnable_from ? 1u : 0u;
      }
      if (most >= learnable_from) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return l.share[3][a] > l.share[3][b];
    });
    for (const std::size_t i : order) {
      std::vector<std::string> row{study_.paths[i]};
      for (std::size_t set = 0; set < 4; ++set) row.push_back(percent(l.share[set][i]));
      table.add(row);
    }
    text_ += table.text(is_plain_);
    line(fmt::format("  {} {} %: {} (0), {} (a), {} (b), {} (c) {} {}; {}",
                     tr("inputs with at least", "masukan dengan sedikitnya"),
                     number_text(100.0 * learnable_from, 0, lang_), n_learned[0], n_learned[1],
                     n_learned[2], n_learned[3], tr("of", "dari"), study_.paths.size(),
                     tr("the others cannot be learned from such data, however right the model",
                        "yang lain tidak dapat dipelajari dari data itu, betapa pun benar model")));
  }

  void weigh_readings() {
    double sum = 0.0;
    for (const ReadingResult& r : study_.readings) sum += r.evidence;
    if (!(sum > 0.0)) return;
    title(tr("The readings side by side (they are never mixed)",
             "Kedua bacaan berdampingan (tidak pernah dicampur)"));
    for (const ReadingResult& r : study_.readings) {
      line(fmt::format("  {}: {} {}", word(r.reading), percent(r.evidence / sum),
                       tr("of the agreement of all runs of the prior, at equal weight before",
                          "dari kecocokan semua kali jalan awal, dengan bobot awal sama")));
    }
  }

  const Study& study_;
  std::string lang_;
  bool is_plain_;
  std::string text_;
};

}  // namespace

std::string study_text(const Study& study, const std::string& lang, bool is_plain) {
  return Writer(study, lang, is_plain).write();
}

std::string wave_line(Reading reading, std::size_t n, const Wave& wave, const std::string& lang) {
  return fmt::format("{}, {} {}: {} {} %", word(reading), lang == "id" ? "gelombang" : "wave", n,
                     lang == "id" ? "ruang tersisa" : "space left",
                     number_text(100.0 * wave.left.share, 1, lang));
}

std::string nothing_text(const ReadingResult& r, const std::string& lang) {
  const std::string& name = r.compared.used[r.fit.hardest].target.name;
  return lang == "id"
             ? fmt::format("  Tidak ada penarikan yang diterima. Yang paling menyisihkan: {}.",
                           name)
             : fmt::format("  No draw was accepted. The observation that excludes most: {}.", name);
}

}  // namespace musi::analysis::calibration
