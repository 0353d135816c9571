/** Stands in for the parts of Plot that this page never shows: tooltips and legends. */
export const createLegends = () => [];
export const exposeLegends = () => () => undefined;
export const legend = () => null;
export const tip = () => null;
export const getSourceChannels = () => ({});
export class Tip {}
