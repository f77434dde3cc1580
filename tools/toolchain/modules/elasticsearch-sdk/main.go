// elasticsearch-sdk turns a Pulumi package schema into a TypeScript SDK, as
// `pulumi package gen-sdk --language nodejs --local` would with a language host that
// implements GeneratePackage.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func run(schemaFile, out string) error {
	raw, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	pkg, diags, err := schema.BindSpec(spec, nil, schema.ValidationOptions{AllowDanglingReferences: true})
	if err != nil {
		return err
	}
	if diags.HasErrors() {
		return diags
	}
	files, err := nodejs.GeneratePackage("pulumi-language-nodejs", pkg, nil, nil, true, nil)
	if err != nil {
		return err
	}
	if err := sourceOnly(files); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	for name, data := range files {
		p := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d files\n", out, len(files))
	return nil
}

// sourceOnly makes the package usable as TypeScript source through "file:": no install script,
// no second copy of the compiler, entry point index.ts, and no complaint of a project whose
// compiler options are stricter than the generator's.
func sourceOnly(files map[string][]byte) error {
	var m map[string]any
	if err := json.Unmarshal(files["package.json"], &m); err != nil {
		return err
	}
	m["main"], m["types"], m["private"] = "index.ts", "index.ts", true
	delete(m, "scripts")
	deps := m["dependencies"].(map[string]any)
	delete(deps, "typescript")
	delete(deps, "@types/node")
	b, err := json.MarshalIndent(m, "", "    ")
	if err != nil {
		return err
	}
	files["package.json"] = append(b, '\n')
	delete(files, "scripts/postinstall.js")
	delete(files, ".gitignore")
	for name, data := range files {
		if strings.HasSuffix(name, ".ts") {
			files[name] = append([]byte("// @ts-nocheck\n"), data...)
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: elasticsearch-sdk SCHEMA.json OUT_DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "elasticsearch-sdk:", err)
		os.Exit(1)
	}
}
