/** The answer in sentences. */
import type { Context } from '../chart';
import { definitionWords, titleOf } from '../chart';
import { canPair, chanceBy, outcome, paired } from '../model';
import type { OptionData } from '../protocol';

export function headlineSentences(c: Context, option: OptionData): string[] {
  const { words, data } = c;
  const q = data.question;
  const o = outcome(data, option, c.state.definition);
  const half = o.yearOf(50);
  const sentences = [
    words.t('headline.by', {
      count: words.full(chanceBy(o, data, q.headline_year)),
      year: q.headline_year,
    }),
    half == null
      ? words.t('headline.half_not', { end: q.end_year })
      : words.t('headline.half', { year: half }),
    o.notReached.count === 0
      ? words.t('headline.all', { end: q.end_year })
      : words.t('headline.not', { count: words.full(o.notReached), end: q.end_year }),
  ];
  // What the books say is not what is on the ground.
  if (c.state.definition !== 'Z1' && data.definitions.includes('Z1')) {
    const ground = outcome(data, option, 'Z1');
    sentences.push(
      words.t('headline.ground', {
        count: words.full(chanceBy(ground, data, q.end_year)),
        end: q.end_year,
      }),
    );
  }
  return sentences.map((s) => s.charAt(0).toUpperCase() + s.slice(1));
}

export function conditions(c: Context): string {
  return c.words.t('headline.terms', {
    definition: definitionWords(c),
    price_year: c.data.question.price_year,
  });
}

export function pairedSentence(c: Context, base: OptionData, other: OptionData): string | null {
  if (base === other || !canPair(c.data, base, other)) return null;
  const p = paired(c.data, base, other, c.state.definition);
  return c.words.t('paired.sentence', {
    other: titleOf(c, other),
    base: titleOf(c, base),
    earlier: c.words.number(p.earlier),
    later: c.words.number(p.later),
    n: c.words.number(p.n),
    years: c.words.number(p.years, 1),
    end: c.data.question.end_year,
  });
}
