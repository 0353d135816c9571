/**
 * What the reader tries out: changes of the scenario, answers to them, pinned options, what runs now.
 * One run at a time; a change ends the run of the state before it. INTERFACE.md 8.3.
 */
import { baseLook } from './chart';
import type { OneFuture } from './chart';
import { onePairing } from './model';
import type {
  GoalRequest,
  GoalResult,
  OptionData,
  PageData,
  Problem,
  SaveRequest,
  ScenarioInfo,
  SchemaKey,
  Setting,
  Settings,
} from './protocol';
import { Refusal } from './server';
import type { Server } from './server';
import type { Words } from './text';

/** An option of the file with changes. */
export interface Job {
  option: string;
  set: Settings;
}

export interface Pin extends Job {
  name: string;
}

interface Answer {
  data: PageData;
  futures: number;
  rough: boolean;
  /** number of the request, for questions about single futures */
  seq: number;
  /** what the program says to compute the same */
  command: string;
}

export interface Running {
  key: string;
  seq: number;
  drawn: number;
  total: number;
  /** its first futures are in view */
  isShown: boolean;
  /** neighbouring values are computed, so that the next movement is answered at once */
  ahead: boolean;
  since: number;
}

export interface Goal {
  request: GoalRequest;
  tried: { value: number; chance: number }[];
  total: number;
  result: GoalResult | null;
  running: boolean;
}

/** What the address keeps. */
export interface Saved {
  c?: Settings;
  o?: string;
  p?: { n: string; o: string; c: Settings }[];
}

export const mostPins = 4;
/** A drag that got no preview for so long asks anew; before, the one under way may still answer. */
const patience = 300;
const kept = 16;
/** futures of the first answer, which brings what previews leave out */
const fewest = 8;
/** stands for the command of an answer that is not whole yet */
const building = '…';

const keyOf = (job: Job): string =>
  JSON.stringify([job.option, Object.entries(job.set).sort(([a], [b]) => (a < b ? -1 : 1))]);

export class Simulator {
  job: Job;
  pins: Pin[] = [];
  running: Running | null = null;
  goal: Goal | null = null;
  problems: Problem[] = [];
  dragging = false;
  /** futures of a full answer */
  futures: number;
  single: OneFuture | null = null;
  /** counts changes of what the charts show; progress and messages are none */
  shown = 0;

  private past: Job[] = [];
  private answers = new Map<string, Answer>();
  private listeners = new Set<() => void>();
  private seq: number;
  private whole: PageData | null = null;
  private wanted: Job | null = null;
  private before: Job | null = null;
  private merged: { version: number; lang: string; data: PageData } | null = null;
  private pinned = 0;

  constructor(
    private readonly server: Server,
    readonly scenario: ScenarioInfo,
    readonly keys: SchemaKey[],
    opened: PageData | null,
  ) {
    this.job = this.base;
    this.seq = scenario.seq;
    this.futures = Math.min(scenario.replicates, 200);
    this.whole = opened;
    opened?.options.forEach((option, i) => {
      if (!scenario.options.some((o) => o.name === option.name)) return;
      const job: Job = { option: option.name, set: {} };
      const answer = { futures: option.futures, rough: false, seq: 0, command: '' };
      this.keep(job, { ...answer, data: { ...opened, options: [option], shown: [0] } });
      this.futures = Math.max(this.futures, option.futures);
      if (i > 0 && this.pins.length < mostPins) this.pins.push({ ...job, name: option.name });
    });
  }

  set lang(lang: string) {
    this.server.lang = lang;
  }

  /** The option of the file that others are compared with: the first, as it is. */
  get base(): Job {
    return { option: this.scenario.options[0]?.name ?? '', set: {} };
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(charts = false): void {
    if (charts) ++this.shown;
    for (const listener of this.listeners) listener();
  }

  // --- what is chosen ----------------------------------------------------------------------------

  /** Text of the resolved scenario for a path, without the changes. */
  given(path: string): string | undefined {
    const option = this.scenario.options.find((o) => o.name === this.job.option);
    return option?.values[path] ?? option?.values[`${path}.value`];
  }

  value(path: string): Setting | undefined {
    return this.job.set[path] ?? this.given(path);
  }

  /** A movement: a rough preview now, the full answer when the lever is let go. */
  drag(path: string, value: Setting): void {
    this.before ??= this.job;
    this.dragging = true;
    this.job = { ...this.job, set: { ...this.job.set, [path]: value } };
    this.problems = [];
    this.preview();
    this.tell(this.answers.has(keyOf(this.job)));
  }

  release(): void {
    if (!this.before) return;
    this.dragging = false;
    this.past.push(this.before);
    this.before = null;
    this.wanted = null;
    this.goOn();
    this.tell();
  }

  change(path: string, value: Setting | null): void {
    const { [path]: _, ...others } = this.job.set;
    this.choose({ ...this.job, set: value === null ? others : { ...others, [path]: value } });
  }

  choose(job: Job): void {
    if (keyOf(job) === keyOf(this.job)) return;
    this.past.push(this.job);
    this.go(job);
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  undo(): void {
    const last = this.past.pop();
    if (last) this.go(last);
  }

  private go(job: Job): void {
    this.job = job;
    this.dragging = false;
    this.before = null;
    this.wanted = null;
    this.problems = [];
    this.single = null;
    this.goOn();
    this.tell(true);
  }

  get canPin(): boolean {
    const key = keyOf(this.job);
    const known = key === keyOf(this.base) || this.pins.some((p) => keyOf(p) === key);
    return !known && this.pins.length < mostPins && this.answers.has(key);
  }

  pin(name: string): void {
    if (!this.canPin) return;
    this.pins = [...this.pins, { ...this.job, name: name || this.freeName() }];
    this.goOn();
    this.tell(true);
  }

  freeName(): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const taken = new Set(this.pins.map((p) => p.name));
    return [...letters].find((l) => !taken.has(l)) ?? String(++this.pinned);
  }

  unpin(at: number): void {
    this.pins = this.pins.filter((_, i) => i !== at);
    this.tell(true);
  }

  setFutures(n: number): void {
    this.futures = n;
    this.goOn();
    this.tell();
  }

  saved(): Saved {
    const saved: Saved = {};
    if (Object.keys(this.job.set).length > 0) saved.c = this.job.set;
    if (this.job.option !== this.base.option) saved.o = this.job.option;
    if (this.pins.length > 0) saved.p = this.pins.map((p) => ({ n: p.name, o: p.option, c: p.set }));
    return saved;
  }

  /** False if something in it does not fit this scenario. */
  restore(saved: Saved): boolean {
    const names = new Set(this.scenario.options.map((o) => o.name));
    const fits = (set: unknown): set is Settings =>
      typeof set === 'object' && set !== null && Object.values(set).every((v) => /^(nu|st|bo)/.test(typeof v));
    const option = saved.o ?? this.base.option;
    const pins = Array.isArray(saved.p) ? saved.p : [];
    const usable = pins.filter((p) => names.has(p.o) && fits(p.c)).slice(0, mostPins);
    if (usable.length > 0) {
      this.pins = usable.map((p) => ({ name: String(p.n).slice(0, 40), option: p.o, set: p.c }));
    }
    if (names.has(option) && fits(saved.c ?? {})) this.job = { option, set: saved.c ?? {} };
    this.goOn();
    this.tell(true);
    return usable.length === pins.length && names.has(option) && fits(saved.c ?? {});
  }

  // --- what runs ----------------------------------------------------------------------------------

  private keep(job: Job, answer: Answer): void {
    const key = keyOf(job);
    this.answers.delete(key);
    this.answers.set(key, answer);
    const needed = new Set([this.base, this.job, ...this.pins].map(keyOf));
    for (const old of this.answers.keys()) {
      if (this.answers.size <= kept) break;
      if (!needed.has(old)) this.answers.delete(old);
    }
  }

  private isDone(job: Job): boolean {
    const answer = this.answers.get(keyOf(job));
    return answer !== undefined && !answer.rough && answer.futures >= this.futures && answer.command !== building;
  }

  /** Runs what is wanted next: the levers first, then the base case, then pinned options. */
  goOn(): void {
    if (this.goal?.running) return;
    if (!this.whole) {
      // Previews leave out what never changes, and the page needs that once.
      if (!this.running) void this.run(this.base, Math.min(fewest, this.futures));
      return;
    }
    const next = [this.job, this.base, ...this.pins].find((job) => !this.isDone(job));
    if (!next) {
      if (this.running) void this.stop();
      return;
    }
    if (this.running?.key === keyOf(next) && this.running.total >= this.futures) return;
    void this.run(next, this.futures);
  }

  /** While a lever moves: a run that has shown nothing yet may still do so, for a moment. */
  private preview(): void {
    const run = this.running;
    const left = run && !run.isShown ? run.since + patience - performance.now() : 0;
    if (run?.key === keyOf(this.job)) return;
    if (left > 0) {
      if (!this.wanted) setTimeout(() => this.wanted && this.preview(), left + 1);
      this.wanted = this.job;
      return;
    }
    this.wanted = null;
    if (this.whole && !this.isDone(this.job)) void this.run(this.job, this.futures);
  }

  private async run(job: Job, replicates: number): Promise<void> {
    const seq = ++this.seq;
    const key = keyOf(job);
    if (this.goal?.running) this.goal = { ...this.goal, running: false };
    const running: Running = {
      key,
      seq,
      drawn: 0,
      total: replicates,
      isShown: false,
      ahead: false,
      since: performance.now(),
    };
    this.running = running;
    const isLast = (): boolean => this.running === running;
    let failed = false;
    try {
      await this.server.run({ seq, set: job.set, options: [job.option], replicates }, (event) => {
        if (!isLast()) return;
        let isNew = false;
        if (event.event === 'progress') {
          running.ahead = event.stage === 'ahead';
          if (!running.ahead) running.drawn = Math.max(running.drawn, event.done);
        }
        if (event.event === 'problem') {
          if (event.severity === 'error') failed = true;
          // Remarks on what the file says were made on the terminal when the server began.
          const isOwn = event.path !== undefined && job.set[event.path] !== undefined;
          if (failed || isOwn) this.problems = [...this.problems, event];
        }
        if (event.event === 'preview' || (event.event === 'result' && 'data' in event)) {
          isNew = true;
          running.drawn = event.futures;
          const isWhole = event.event === 'result';
          if (isWhole) this.whole = event.data as PageData;
          this.keep(job, {
            data: { ...this.whole, ...event.data } as PageData,
            futures: event.futures,
            rough: isWhole ? replicates < this.futures && replicates < 50 : event.rough,
            seq,
            command: isWhole ? (event.command ?? '') : building,
          });
        }
        if (isNew) running.isShown = true;
        this.tell(isNew);
        if (isNew && this.wanted) this.preview();
      });
    } catch (error) {
      if (!isLast()) return;
      if (error instanceof Refusal && error.problem.code === 'superseded') {
        // Another tab of this page has asked since; take the next number and ask again.
        this.seq = Math.max(this.seq, (await this.server.scenario()).seq);
        if (isLast()) return this.run(job, replicates);
        return;
      }
      failed = true;
      this.problems = [...this.problems, ...problemsOf(error)];
    }
    if (!isLast()) return;
    this.running = null;
    if (this.wanted) this.preview();
    else if (!failed && !this.dragging) this.goOn();
    this.tell();
  }

  async stop(): Promise<void> {
    const seq = this.seq;
    this.running = null;
    if (this.goal?.running) this.goal = { ...this.goal, running: false };
    this.tell();
    await this.server.cancel(seq).catch(() => undefined);
  }

  async seek(wish: Omit<GoalRequest, 'seq' | 'set' | 'option'>): Promise<void> {
    const { [wish.vary]: _, ...set } = this.job.set;
    const request: GoalRequest = { ...wish, seq: ++this.seq, set, option: this.job.option };
    const goal: Goal = { request, tried: [], total: 16, result: null, running: true };
    this.goal = goal;
    this.running = null;
    this.problems = [];
    this.tell();
    const update = (change: Partial<Goal>): void => {
      if (this.goal?.request.seq !== request.seq) return;
      this.goal = { ...this.goal, ...change };
      this.tell();
    };
    try {
      await this.server.goal(request, (event) => {
        if (event.event === 'evaluation') {
          const value = event.values[wish.vary] ?? 0;
          const tried = this.goal?.request.seq === request.seq ? this.goal.tried : [];
          update({ tried: [...tried, { value, chance: event.chance_pct }], total: event.total });
        } else if (event.event === 'result' && 'reachable' in event) {
          update({ result: event });
        } else if (event.event === 'problem') {
          this.problems = [...this.problems, event];
          this.tell();
        }
      });
    } catch (error) {
      if (this.goal?.request.seq === request.seq) this.problems = [...this.problems, ...problemsOf(error)];
    }
    if (this.goal?.request.seq !== request.seq || !this.goal.running) return;
    update({ running: false });
    this.goOn();
  }

  closeGoal(): void {
    this.goal = null;
    this.tell();
  }

  save(name: string, kind: SaveRequest['kind']): Promise<{ path: string }> {
    const futures = this.answers.get(keyOf(this.job))?.futures ?? this.futures;
    return this.server.save({
      name,
      kind,
      set: this.job.set,
      options: [this.job.option],
      replicates: futures,
    });
  }

  /** Asks for works and barriers of a future of an option in view. */
  async pick(option: OptionData, replicate: number): Promise<void> {
    const job = this.jobs().find((j) => j.name === option.name)?.job;
    const answer = job && this.answers.get(keyOf(job));
    if (!job || !answer) return;
    try {
      const found = await this.server.future(job.option, replicate, answer.seq);
      const years = answer.data.years;
      const ha: Record<string, (number | null)[]> = {};
      for (const [barrier, list] of Object.entries(found.barriers?.ha ?? {})) {
        ha[barrier] = years.map((y) => list[found.barriers?.years.indexOf(y) ?? -1] ?? null);
      }
      const barriers = found.barriers ? ha : null;
      this.single = { option: option.name, replicate, works: found.works, barriers };
    } catch (error) {
      this.problems = [...this.problems, ...problemsOf(error)];
    }
    this.tell(true);
  }

  // --- what is shown --------------------------------------------------------------------------------

  private nowName = '';

  /** Options in view with their names: the base case, pinned ones, what the levers say. */
  private jobs(): { job: Job; name: string; look: number }[] {
    const base = this.base;
    const list = [{ job: base, name: base.option, look: baseLook }];
    this.pins.forEach((pin, i) => list.push({ job: pin, name: pin.name, look: i + 1 }));
    if (!list.some((entry) => keyOf(entry.job) === keyOf(this.job))) {
      list.push({ job: this.job, name: this.nowName, look: 0 });
    }
    return list;
  }

  /** Row of the options in view that the levers stand for. */
  get focus(): number {
    const rows = this.jobs().filter((entry) => this.answerOf(entry.job) !== null);
    const at = rows.findIndex((entry) => keyOf(entry.job) === keyOf(this.job));
    return at < 0 ? rows.length - 1 : at;
  }

  /** While the first preview of a change is under way, what was shown before stays. */
  private last: Answer | null = null;
  private answerOf(job: Job): Answer | null {
    const found = this.answers.get(keyOf(job));
    const isNow = keyOf(job) === keyOf(this.job);
    if (found && isNow) this.last = found;
    return found ?? (isNow ? this.last : null);
  }

  /** True while the charts show the state before the last change. */
  get isStale(): boolean {
    return !this.answers.has(keyOf(this.job));
  }

  data(words: Words): PageData | null {
    if (this.merged?.version === this.shown && this.merged.lang === words.lang) return this.merged.data;
    this.nowName = words.t('sim.now');
    const rows = this.jobs()
      .map((entry) => ({ ...entry, answer: this.answerOf(entry.job) }))
      .filter((entry) => entry.answer !== null);
    const whole = this.whole;
    if (!whole || rows.length === 0) return null;
    const paths = [...new Set(rows.flatMap((r) => Object.keys(r.job.set)))].sort();
    const valuesOf = (job: Job) => this.scenario.options.find((o) => o.name === job.option)?.values ?? {};
    const data: PageData = {
      ...whole,
      question: { ...whole.question, complete: true },
      options: rows.map((row, i) => this.optionOf(row, i, words)),
      files: rows.map((row) => ({
        ...(row.answer?.data.files?.[0] ?? whole.files[0]!),
        futures: row.answer?.futures ?? 0,
        pairing: onePairing,
        command: row.answer?.command === building ? '' : row.answer?.command,
      })),
      shown: rows.map((_, i) => i),
      differences: [
        ...new Set([...paths, ...this.differingLeaves(rows.map((r) => r.job))]),
      ].map((path) => ({
        path,
        values: rows.map((r) => {
          const own = r.job.set[path] ?? valuesOf(r.job)[path] ?? valuesOf(r.job)[`${path}.value`];
          return own === undefined ? null : String(own);
        }),
      })),
    };
    this.merged = { version: this.shown, lang: words.lang, data };
    return data;
  }

  private differingLeaves(jobs: Job[]): string[] {
    const names = [...new Set(jobs.map((j) => j.option))];
    if (names.length < 2) return [];
    const leaves = names.map((n) => this.scenario.options.find((o) => o.name === n)?.values ?? {});
    const all = new Set(leaves.flatMap((l) => Object.keys(l)));
    return [...all].filter((path) => leaves.some((l) => l[path] !== leaves[0]?.[path])).sort();
  }

  private optionOf(
    row: { job: Job; name: string; look: number; answer: Answer | null },
    at: number,
    words: Words,
  ): OptionData {
    const option = row.answer!.data.options[0]!;
    const isBase = at === 0;
    const isNow = row.look === 0;
    const changes = Object.keys(row.job.set).length;
    const title = (lang: 'en' | 'id') =>
      isBase
        ? option.title[lang]
        : isNow
          ? words.t('sim.now_title', { n: changes })
          : words.t('sim.pin_title', { name: row.name });
    return {
      ...option,
      name: row.name,
      title: { en: title('en'), id: title('id') },
      file: at,
      look: row.look,
      rough: row.answer!.rough,
      settings: { ...option.settings, ...row.job.set },
    };
  }
}

/** What is wrong; notes about the file that come along are not. */
function problemsOf(error: unknown): Problem[] {
  if (!(error instanceof Refusal)) {
    return [{ event: 'problem', severity: 'error', code: 'page', message: String(error) }];
  }
  const all = [error.problem, ...(error.problem.more ?? [])];
  const errors = all.filter((p) => p.severity === 'error');
  return errors.length > 0 ? errors : all;
}
