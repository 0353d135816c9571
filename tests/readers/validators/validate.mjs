// Exports judged by the validators of their formats: GeoJSON by check-geojson, RO-Crate as JSON-LD
// by jsonld in safe mode (a word that the context does not know is an error) and by the checks of
// the ro-crate library.
//
// usage: node validate.mjs FOLDER (FILE.geojson | CRATE/ro-crate-metadata.json)...
// FOLDER holds node_modules. Prints what is wrong and ends with 1, or "ok" and 0. Loads nothing.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [folder, ...files] = process.argv.slice(2);
const packages = createRequire(path.resolve(folder, "package.json"));
const { getIssues } = packages("@placemarkio/check-geojson");
const jsonld = packages("jsonld");
const { Checker } = packages("ro-crate/lib/checker.js");
const { ROCrate } = packages("ro-crate");
const defaults = packages("ro-crate/lib/defaults.js");

const faults = [];

/** Contexts come from the library, never from the network. */
const documentLoader = async (url) => {
  const known = defaults.standardContexts?.[url] ?? defaults[url];
  if (!known) throw new Error(`unknown context ${url}`);
  return { contextUrl: null, documentUrl: url, document: known };
};

async function checkCrate(file) {
  const crate = JSON.parse(fs.readFileSync(file, "utf8"));
  // What safe mode refuses, but for a term of the context of RO-Crate itself ("@label").
  const eventHandler = ({ event, next }) => {
    if (event.code !== "reserved term") faults.push(`${file}: ${event.code}: ${JSON.stringify(event.details)}`);
    next();
  };
  try {
    const n = (await jsonld.toRDF(crate, { base: "https://example.org/", documentLoader, eventHandler })).length;
    if (n < 3 * crate["@graph"].length) faults.push(`${file}: only ${n} statements`);
  } catch (error) {
    faults.push(`${file}: ${error.message}`);
  }
  const checker = new Checker(new ROCrate(crate));
  for (const name of Object.getOwnPropertyNames(Checker.prototype)) {
    if (!name.startsWith("has")) continue;
    // The context would be asked of the network; author and contact are not known to musi.
    if (["hasContext", "hasAuthor", "hasContactPoint"].includes(name)) continue;
    const found = await checker[name]();
    for (const item of [found].flat()) {
      if (item && "status" in item && !item.status) faults.push(`${file}: ${item.name}: ${item.message}`);
    }
  }
}

for (const file of files) {
  if (file.endsWith(".geojson")) {
    for (const issue of getIssues(fs.readFileSync(file, "utf8"))) {
      faults.push(`${file}: ${issue.severity}: ${issue.message}`);
    }
  } else {
    await checkCrate(file);
  }
}
console.log(faults.length ? faults.slice(0, 20).join("\n") : "ok");
process.exit(faults.length ? 1 : 0);
