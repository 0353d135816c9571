/** Switches of charts: native selects with a visible label. */

export interface ChoiceOption {
  value: string;
  text: string;
}

export function Choice(p: {
  label: string;
  value: string;
  options: ChoiceOption[];
  change: (value: string) => void;
}) {
  return (
    <label class="choice">
      <span>{p.label}</span>{' '}
      <select value={p.value} onChange={(e) => p.change(e.currentTarget.value)}>
        {p.options.map((o) => (
          <option value={o.value} selected={o.value === p.value}>
            {o.text}
          </option>
        ))}
      </select>
    </label>
  );
}
