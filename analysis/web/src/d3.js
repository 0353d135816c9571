/**
 * The part of D3 that Plot needs for the marks of this page. Map projections, hierarchies,
 * contours and colour schemes would be a fifth of the page and are never drawn, so they fail loudly.
 */
export * from 'd3-array';
export * from 'd3-axis';
export * from 'd3-color';
export * from 'd3-format';
export * from 'd3-interpolate';
export * from 'd3-path';
export {
  scaleBand,
  scaleIdentity,
  scaleImplicit,
  scaleLinear,
  scaleLog,
  scaleOrdinal,
  scalePoint,
  scalePow,
  scaleSymlog,
} from 'd3-scale';
export * from 'd3-selection';
export {
  area,
  curveLinear,
  curveMonotoneX,
  curveStepAfter,
  line,
  symbolCircle,
  symbolDiamond,
  symbolDiamond2,
  symbolSquare,
  symbolTriangle,
} from 'd3-shape';
export * from 'd3-time';

const none = () => {
  throw new Error('this page has no such marks');
};
const grey = () => '#888888';
const empty = [];

export const geoAlbers = none, geoAlbersUsa = none, geoAzimuthalEqualArea = none,
  geoAzimuthalEquidistant = none, geoCentroid = none, geoClipRectangle = none,
  geoConicConformal = none, geoConicEqualArea = none, geoConicEquidistant = none,
  geoEqualEarth = none, geoEquirectangular = none, geoGnomonic = none, geoGraticule10 = none,
  geoMercator = none, geoOrthographic = none, geoPath = none, geoStereographic = none,
  geoStream = none, geoTransverseMercator = none, Delaunay = none,
  contourDensity = none, contours = none, cluster = none, stratify = none, tree = none,
  randomLcg = none;

export const interpolateBlues = grey, interpolateBrBG = grey, interpolateBuGn = grey,
  interpolateBuPu = grey, interpolateCividis = grey, interpolateCool = grey,
  interpolateCubehelixDefault = grey, interpolateGnBu = grey, interpolateGreens = grey,
  interpolateGreys = grey, interpolateInferno = grey, interpolateMagma = grey,
  interpolateOrRd = grey, interpolateOranges = grey, interpolatePRGn = grey,
  interpolatePiYG = grey, interpolatePlasma = grey, interpolatePuBu = grey,
  interpolatePuBuGn = grey, interpolatePuOr = grey, interpolatePuRd = grey,
  interpolatePurples = grey, interpolateRainbow = grey, interpolateRdBu = grey,
  interpolateRdGy = grey, interpolateRdPu = grey, interpolateRdYlBu = grey,
  interpolateRdYlGn = grey, interpolateReds = grey, interpolateSinebow = grey,
  interpolateSpectral = grey, interpolateTurbo = grey, interpolateViridis = grey,
  interpolateWarm = grey, interpolateYlGn = grey, interpolateYlGnBu = grey,
  interpolateYlOrBr = grey, interpolateYlOrRd = grey;

export const schemeAccent = empty, schemeBlues = empty, schemeBrBG = empty, schemeBuGn = empty,
  schemeBuPu = empty, schemeCategory10 = empty, schemeDark2 = empty, schemeGnBu = empty,
  schemeGreens = empty, schemeGreys = empty, schemeObservable10 = empty, schemeOrRd = empty,
  schemeOranges = empty, schemePRGn = empty, schemePaired = empty, schemePastel1 = empty,
  schemePastel2 = empty, schemePiYG = empty, schemePuBu = empty, schemePuBuGn = empty,
  schemePuOr = empty, schemePuRd = empty, schemePurples = empty, schemeRdBu = empty,
  schemeRdGy = empty, schemeRdPu = empty, schemeRdYlBu = empty, schemeRdYlGn = empty,
  schemeReds = empty, schemeSet1 = empty, schemeSet2 = empty, schemeSet3 = empty,
  schemeSpectral = empty, schemeTableau10 = empty, schemeYlGn = empty, schemeYlGnBu = empty,
  schemeYlOrBr = empty, schemeYlOrRd = empty;

export const scaleDiverging = none, scaleDivergingLog = none, scaleDivergingPow = none,
  scaleDivergingSymlog = none, scaleQuantile = none, scaleThreshold = none, scaleTime = none,
  scaleUtc = none, curveBasis = none, curveBasisClosed = none, curveBasisOpen = none,
  curveBumpX = none, curveBumpY = none, curveBundle = none, curveCardinal = none,
  curveCardinalClosed = none, curveCardinalOpen = none, curveCatmullRom = none,
  curveCatmullRomClosed = none, curveCatmullRomOpen = none, curveLinearClosed = none,
  curveMonotoneY = none, curveNatural = none, curveStep = none, curveStepBefore = none,
  symbolAsterisk = none, symbolCross = none, symbolPlus = none, symbolSquare2 = none,
  symbolStar = none, symbolTimes = none, symbolTriangle2 = none, symbolWye = none,
  timeFormat = none, utcFormat = none;

export const symbolsFill = empty, symbolsStroke = empty;
// Plot makes this one when it is loaded.
export const geoTransform = () => null;
