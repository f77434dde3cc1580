import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "coverage/", "sdks/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // The classes of @kubernetes/client-node are types of plain data; nobody constructs them.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // A Pulumi resource acts by being constructed.
      "no-new": "off",
    },
  },
  // The arrows of docs/design.md: index -> components -> upgrade -> skywalking, never back.
  {
    files: ["upgrade/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: ["@pulumi/*", "**/components/**", "**/tools/**", "../index*"] }],
    },
  },
  {
    files: ["skywalking/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["@pulumi/*", "**/components/**", "**/upgrade/**", "**/tools/**", "../index*"] },
      ],
    },
  },
  {
    files: ["components/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/tools/**", "../index*"] }] },
  },
);
