/** All charts in the order of the page. To add one: its file, one line here, its words. */
import type { Chart } from '../chart';
import { carrying, frontier } from './answers';
import { area } from './area';
import { barriers } from './barriers';
import { chance } from './chance';
import { definitions } from './definitions';
import { dotChart } from './dots';
import { drivers } from './drivers';
import { map } from './map';
import { money } from './money';
import { pairs } from './pairs';
import { households, participation } from './people';
import { record } from './record';
import { siteCard } from './site';
import { worksChart } from './works';

/** Above the options side by side. */
export const firstCharts: Chart[] = [chance, area, dotChart, map];
/** Below them. */
export const laterCharts: Chart[] = [
  pairs,
  frontier,
  drivers,
  barriers,
  worksChart,
  money,
  participation,
  households,
  siteCard,
  record,
  definitions,
  carrying,
];
export const charts: Chart[] = [...firstCharts, ...laterCharts];
