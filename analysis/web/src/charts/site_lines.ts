import type { Context } from '../chart';
import { siteChance } from '../model';
import { optionLines } from '../plot';
import type { Line } from './lines';

export { drawLines } from './lines';

/** Chance of a site by year, one line an option. */
export const optionLinesOfSite = (c: Context): Line[] =>
  optionLines(c).map((line) => ({
    name: line.option.name,
    colour: line.colour,
    dash: line.dash,
    values: c.data.years.map((_, i) => siteChance(line.option, c.state.site, i)),
  }));
