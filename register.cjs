/**
 * Loaded before the program: has tsx compile TypeScript, and leaves packages to Node.js. tsx looks through every file of
 * theirs too, which takes a third of the time to load the program.
 */
const Module = require("node:module");
const { sep } = require("node:path");

const packages = `${sep}node_modules${sep}`;
const native = Module._extensions[".js"];
require("tsx/cjs");
const compiling = Module._extensions[".js"];
Module._extensions[".js"] = (module, filename) => (filename.includes(packages) ? native : compiling)(module, filename);
