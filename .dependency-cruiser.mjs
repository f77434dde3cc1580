/**
 * Refuses circles of files. Circles of types count, since a reader goes round them too; import-x/no-cycle leaves them out.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
export default {
  forbidden: [{ name: "circle-of-files", severity: "error", from: {}, to: { circular: true } }],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    includeOnly: "^(index[.]ts|commands/|components/|upgrade/|skywalking/|tools/|test/)",
  },
};
