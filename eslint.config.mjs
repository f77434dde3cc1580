import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import tseslint from "typescript-eslint";

const importsNothingOf = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

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
  // Prettier breaks code at its printWidth and leaves comments alone. Strings that users search for stay in one piece.
  {
    files: ["**/*.ts"],
    plugins: { "@stylistic": stylistic },
    rules: {
      "@stylistic/max-len": [
        "error",
        {
          code: 120,
          ignoreUrls: true,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
        },
      ],
    },
  },
  // The arrows of docs/design.md, never back: index -> components -> upgrade -> skywalking, and tools -> commands -> components.
  {
    files: ["skywalking/**/*.ts"],
    rules: importsNothingOf(
      "@pulumi/*",
      "**/upgrade/**",
      "**/components/**",
      "../index*",
      "**/commands/**",
      "**/tools/**",
    ),
  },
  {
    files: ["upgrade/**/*.ts"],
    rules: importsNothingOf("@pulumi/*", "**/components/**", "../index*", "**/commands/**", "**/tools/**"),
  },
  {
    files: ["components/**/*.ts"],
    rules: importsNothingOf("../index*", "**/commands/**", "**/tools/**"),
  },
  { files: ["index.ts"], rules: importsNothingOf("**/commands/**", "**/tools/**") },
  { files: ["commands/**/*.ts"], rules: importsNothingOf("**/tools/**", "**/test/**") },
);
