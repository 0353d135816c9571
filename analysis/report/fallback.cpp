#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "analysis/outcomes.h"
#include "analysis/report/question.h"
#include "analysis/report/report.h"
#include "analysis/report/texts.h"
#include "analysis/statistics.h"

/// What a report says where its program does not run: the same sentences as the page, as HTML.
namespace musi::analysis {
namespace {

struct Row {
  std::string title;
  Headline headline;
};

class Writer {
 public:
  explicit Writer(const std::string& lang) : words_(lang) {}

  const Texts& words() const { return words_; }
  std::string number(double value, int decimals = 0) const {
    return number_text(value, decimals, words_.lang());
  }

  /// "in 62 of 100 futures (62 % ± 3)", as `full` of web/src/text.ts.
  std::string full(const Share& share, std::size_t n) const {
    const auto count = static_cast<std::size_t>(std::lround(share.estimate * double(n)));
    if (count == 0 || count == n) {
      const std::string bound = number(static_cast<double>(rule_of_three(n)));
      return words_(count == 0 ? "chance.none" : "chance.all",
                    {{"n", number(static_cast<double>(n))}, {"bound", bound}});
    }
    const bool is_many = n > 100;
    const double k = is_many ? std::clamp(std::round(100.0 * share.estimate), 1.0, 99.0)
                             : static_cast<double>(count);
    const std::string in =
        words_("chance.count", {{"k", number(k)}, {"n", number(is_many ? 100.0 : double(n))}});
    return fmt::format("{} ({})", in, percent(share));
  }
  std::string percent(const Share& share) const {
    const double p = 100.0 * share.estimate;
    if (p > 0.0 && p < 1.0) return words_("chance.under_one");
    const double error = std::max(1.0, std::round(100.0 * share.half_width));
    return words_("chance.pm", {{"p", number(p)}, {"e", number(error)}});
  }
  std::string money(double idr_bn) const {
    if (!std::isfinite(idr_bn)) return "–";
    const bool is_large = std::abs(idr_bn) >= 1000.0;
    const double x = is_large ? idr_bn / 1000.0 : idr_bn;
    return words_(is_large ? "money.trillion" : "money.billion",
                  {{"x", number(x, is_large || std::abs(x) < 10.0 ? 1 : 0)}});
  }
  std::string year(const std::optional<int>& y, const HeadlineQuestion& q) const {
    if (y) return fmt::format("{}", *y);
    return words_("year.not_by", {{"end", fmt::format("{}", q.end_year)}});
  }

  /// An event not seen in n futures has a chance below about 3/n; n/3 in one digit.
  static std::size_t rule_of_three(std::size_t n) {
    const double third = std::max(1.0, std::floor(static_cast<double>(n) / 3.0));
    const double power = std::pow(10.0, std::floor(std::log10(third)));
    return static_cast<std::size_t>(std::floor(third / power) * power);
  }

 private:
  Texts words_;
};

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

Share chance_by(const Headline& h, int year) {
  const auto at = std::find(h.years.begin(), h.years.end(), year);
  return at == h.years.end() ? Share{} : h.chances[static_cast<std::size_t>(at - h.years.begin())];
}

std::string sentences(const Writer& w, const Headline& h, const HeadlineQuestion& q) {
  const std::string end = fmt::format("{}", q.end_year), by = fmt::format("{}", q.headline_year);
  std::string text = capital(
      w.words()("headline.by",
                {{"count", w.full(chance_by(h, q.headline_year), h.replicates)}, {"year", by}}));
  text += " ";
  text += h.year_of[1] ? w.words()("headline.half", {{"year", w.year(h.year_of[1], q)}})
                       : w.words()("headline.half_not", {{"end", end}});
  text += " ";
  text += h.not_reached.estimate > 0.0
              ? capital(w.words()("headline.not",
                                  {{"count", w.full(h.not_reached, h.replicates)}, {"end", end}}))
              : w.words()("headline.all", {{"end", end}});
  return text;
}

std::string table(const Writer& w, const std::vector<Row>& rows, const HeadlineQuestion& q) {
  const std::string end = fmt::format("{}", q.end_year);
  std::string html = fmt::format("<table><thead><tr><th scope=\"col\">{}</th>",
                                 escaped_html(w.words()("E.quantity")));
  for (const Row& row : rows) html += fmt::format("<th scope=\"col\">{}</th>", row.title);
  html += "</tr></thead><tbody>\n";
  const auto line = [&](const std::string& name, auto&& cell) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", escaped_html(name));
    for (const Row& row : rows)
      html += fmt::format("<td>{}</td>", escaped_html(cell(row.headline)));
    html += "</tr>\n";
  };
  for (const int year : rows.front().headline.years) {
    if (year < q.headline_year) continue;
    line(w.words()("E.chance", {{"year", fmt::format("{}", year)}}),
         [&](const Headline& h) { return w.percent(chance_by(h, year)); });
  }
  line(w.words()("E.half"), [&](const Headline& h) { return w.year(h.year_of[1], q); });
  line(w.words()("E.wanted", {{"p", w.number(q.chance_pct)}}),
       [&](const Headline& h) { return w.year(h.year_of[2], q); });
  line(w.words()("E.not_by", {{"end", end}}),
       [&](const Headline& h) { return w.full(h.not_reached, h.replicates); });
  line(w.words()("E.spent", {{"from", fmt::format("{}", q.spent_from)},
                             {"to", fmt::format("{}", q.spent_to)}}),
       [&](const Headline& h) { return w.money(h.spent_idr_bn); });
  return html + "</tbody></table>\n";
}

std::string assumptions(const Writer& w, const Results& results, const HeadlineQuestion& q) {
  std::string html =
      fmt::format("<h2>{}</h2>\n<details><summary>{}</summary><table><tbody>\n",
                  escaped_html(w.words()("ledger.title",
                                         {{"n", w.number(static_cast<double>(q.uncertain_inputs))},
                                          {"m", w.number(static_cast<double>(q.without_source))}})),
                  escaped_html(w.words()("ledger.region")));
  if (results.has("input")) {
    const auto paths = results.file().texts("input"), units = results.file().texts("input_units"),
               status = results.file().texts("input_status"),
               sources = results.file().texts("input_source");
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const std::string state = "status." + status[i];
      html += fmt::format(
          "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
          escaped_html(paths[i]), escaped_html(units[i]),
          escaped_html(w.words().has(state) ? w.words()(state) : status[i]),
          escaped_html(sources[i].empty() ? w.words()("ledger.no_source") : sources[i]));
    }
  }
  return html + "</tbody></table></details>\n";
}

std::string limits(const Writer& w, const HeadlineQuestion& q) {
  std::string html = fmt::format("<h2>{}</h2>\n<ul>\n", escaped_html(w.words()("limits.title")));
  for (const char* key : {"limits.prediction", "limits.design", "limits.synthetic",
                          "limits.participation", "limits.step", "limits.definition"}) {
    html += fmt::format(
        "<li>{}</li>\n",
        escaped_html(w.words()(key, {{"n", w.number(static_cast<double>(q.synthetic_sites))},
                                     {"all", w.number(static_cast<double>(q.sites))}})));
  }
  return html + "</ul>\n";
}

std::string option_title(const Results& results, const PageOption& option,
                         const std::string& lang) {
  const std::string name = "option_title_" + lang;
  const std::string title =
      results.has(name) ? results.file().texts(name).at(option.option) : std::string();
  return escaped_html(title.empty() ? option.name : title + " (" + option.name + ")");
}

}  // namespace

std::string fallback_html(const std::vector<const Results*>& results,
                          const std::vector<std::size_t>& shown, const std::string& lang) {
  const Writer w(lang);
  const std::vector<PageOption> options = page_options(results);
  std::vector<Row> rows;
  HeadlineQuestion question;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const HeadlineQuestion q = question_of(*results[i], resolved_options(*results[i]).front());
    if (i == 0) question = q;
    const auto outcomes = outcomes_of(*results[i], q);
    for (const std::size_t at : shown) {
      if (options[at].result != i) continue;
      rows.push_back({option_title(*results[i], options[at], lang),
                      headline_of(outcomes[options[at].option], question)});
    }
  }
  const std::string definition = "definition." + question.definition;
  std::string html = fmt::format("<section lang=\"{}\">\n<h1>{}</h1>\n", lang,
                                 escaped_html(w.words()("page.title", {{"city", question.city}})));
  html += fmt::format("<p>{}</p>\n", escaped_html(w.words()("fallback.note")));
  if (!question.is_complete) {
    html += fmt::format("<p>{}</p>\n", escaped_html(w.words()("page.partial")));
  }
  html += fmt::format("<p>{}: <strong>{}</strong></p>\n", rows.front().title,
                      escaped_html(sentences(w, rows.front().headline, question)));
  html += fmt::format("<p>{}</p>\n",
                      escaped_html(w.words()(
                          "headline.terms",
                          {{"definition", w.words().has(definition) ? w.words()(definition) + " (" +
                                                                          question.definition + ")"
                                                                    : question.definition},
                           {"price_year", fmt::format("{}", question.price_year)}})));
  html += table(w, rows, question);
  html += assumptions(w, *results.front(), question);
  html += limits(w, question);
  return html + "</section>\n";
}

}  // namespace musi::analysis
