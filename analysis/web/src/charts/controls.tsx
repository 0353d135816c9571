import type { Context } from '../chart';
import { titleOf } from '../chart';
import { Choice } from '../parts/Choice';

/** Which option a chart shows that can show only one. */
export function FocusChoice({ c }: { c: Context }) {
  if (c.options.length < 2) return null;
  return (
    <Choice
      label={c.words.t('control.option')}
      value={String(c.state.focus)}
      options={c.state.options.map((i) => ({
        value: String(i),
        text: c.data.options[i] ? `${c.data.options[i].name}` : '',
      }))}
      change={(value) => c.set({ focus: Number(value), future: null })}
    />
  );
}

export const focusTitle = (c: Context): string => titleOf(c, c.focus);
