/** The requests of protocol.ts over HTTP to the program that sent this page. INTERFACE.md 8.8. */
import type {
  FutureAnswer,
  GoalRequest,
  PageData,
  Problem,
  RunRequest,
  SaveRequest,
  ScenarioInfo,
  SchemaKey,
  ServerEvent,
} from './protocol';

/** A refusal of the server, or the lack of one. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

const lost: Problem = { event: 'problem', severity: 'error', code: 'no_server', message: '' };

export class Server {
  lang = 'en';
  /** The last question of those that end each other, until its answer begins. */
  private asked: Promise<unknown> = Promise.resolve();
  private nAsked = 0;

  private constructor(private readonly token: string) {}

  /** The token leaves the address, so that nobody copies it with a link; the history entry keeps it,
   * so that the page can be loaded again. */
  static find(): Server | null {
    if (!/^https?:$/.test(location.protocol)) return null;
    const given = new URLSearchParams(location.search).get('t');
    const kept = (history.state as { token?: string } | null)?.token;
    const token = given ?? kept ?? '';
    history.replaceState({ token }, '', location.pathname + location.hash);
    return new Server(token);
  }

  scenario(): Promise<ScenarioInfo> {
    return this.json('/api/scenario');
  }

  async schema(): Promise<SchemaKey[]> {
    return (await this.json<{ keys: SchemaKey[] }>('/api/schema')).keys;
  }

  /** Data of the opened result; null where a scenario was opened. */
  async result(): Promise<PageData | null> {
    try {
      return await this.json<PageData>('/api/result');
    } catch (error) {
      if (error instanceof Refusal && error.problem.code === 'no_result') return null;
      throw error;
    }
  }

  run(request: RunRequest, listen: (event: ServerEvent) => void): Promise<void> {
    return this.lines('/api/run', request, listen);
  }

  goal(request: GoalRequest, listen: (event: ServerEvent) => void): Promise<void> {
    return this.lines('/api/goal', request, listen);
  }

  async cancel(seq: number): Promise<void> {
    await this.send('/api/cancel', { seq });
  }

  save(request: SaveRequest): Promise<{ path: string }> {
    return this.json('/api/save', request);
  }

  /** `run`: number of the request that drew the future; 0: the opened result. */
  future(option: string, replicate: number, run: number): Promise<FutureAnswer> {
    const place = `option=${encodeURIComponent(option)}&replicate=${replicate}`;
    return this.json(`/api/future?${place}${run > 0 ? `&run=${run}` : ''}`);
  }

  private async send(path: string, body?: unknown): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'X-Musi-Token': this.token,
          'Accept-Language': this.lang,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store',
      });
    } catch {
      throw new Refusal(lost);
    }
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => null)) as Problem | null;
    throw new Refusal(problem ?? { ...lost, code: `http_${answer.status}`, message: answer.statusText });
  }

  private async json<T>(path: string, body?: unknown): Promise<T> {
    return (await (await this.send(path, body)).json()) as T;
  }

  /**
   * Reports each line of the answer as it comes. Questions leave one after the other, since on two connections
   * the newer could overtake the older; of those that wait only the newest leaves, the others get no answer.
   */
  private async lines(path: string, body: unknown, listen: (event: ServerEvent) => void): Promise<void> {
    const n = ++this.nAsked;
    await this.asked;
    if (n !== this.nAsked) return;
    const sent = this.send(path, body);
    this.asked = sent.catch(() => undefined);
    const reader = (await sent).body?.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    while (reader) {
      const { done, value } = await reader.read().catch(() => {
        throw new Refusal(lost);
      });
      rest += decoder.decode(value, { stream: !done });
      const complete = rest.split('\n');
      rest = done ? '' : (complete.pop() ?? '');
      for (const line of complete) if (line.trim()) listen(JSON.parse(line) as ServerEvent);
      if (done) return;
    }
  }
}
