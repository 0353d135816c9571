/** Stands in for the parts of Plot that this page never shows: tooltips, legends, markers on lines, map
 * projections. */
export const createLegends = () => [];
export const exposeLegends = () => () => undefined;
export const legend = () => null;
export const tip = () => null;
export const getSourceChannels = () => ({});
export class Tip {}

export const pointer = (options) => options;
export const pointerX = pointer;
export const pointerY = pointer;
export const anchorX = () => 0;
export const anchorY = () => 0;

export const marker = () => undefined;
export const markers = () => undefined;
export const applyMarkers = () => undefined;
export const applyGroupedMarkers = () => undefined;

const none = () => {
  throw new Error('this page has no such marks');
};
export const createProjection = ({ projection } = {}) => (projection == null ? undefined : none());
export const hasProjection = () => false;
export const projectionAspectRatio = () => undefined;
export const project = none;
export const applyPosition = none;
export const getGeometryChannels = none;
export const xyProjection = none;
