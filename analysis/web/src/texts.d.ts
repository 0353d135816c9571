/** Made by build.mjs of text/en.json and text/id.json: key -> English, Indonesian. */
declare module 'musi:texts' {
  const both: Record<string, [string, string] | undefined>;
  export default both;
}
