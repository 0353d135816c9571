/** "Reproduce this": the command that computes what a chart shows. */
import type { Chart, Context } from './chart';
import type { ResultOrigin } from './protocol';

const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;

export function runCommand(file: ResultOrigin): string {
  if (file.command !== undefined) return file.command || '# …';
  const flags = file.flags ? ` ${file.flags}` : '';
  return `musi run ${word(file.scenario_file)}${flags} -o ${word(`results/${file.name}`)}`;
}

export function commandOf(c: Context, chart?: Chart): string {
  const used = new Set(c.options.map((o) => o.file));
  const lines: string[] = [];
  for (const at of [...used].sort((a, b) => a - b)) {
    const file = c.data.files[at];
    if (!file) continue;
    lines.push(
      `# musi ${file.musi_version}, commit ${file.git_commit}, seed ${file.seed}, ${file.design}, ${file.futures} futures`,
    );
    lines.push(runCommand(file));
  }
  if (c.sim) return [...new Set(lines)].join('\n');
  const files = [...used].map((at) => word(`results/${c.data.files[at]?.name ?? ''}`)).join(' ');
  const options = c.options.map((o) => o.name).join(',');
  lines.push(`musi report ${files} --options ${word(options)}${chart ? `   # ${chart.letter}` : ''}`);
  return lines.join('\n');
}
