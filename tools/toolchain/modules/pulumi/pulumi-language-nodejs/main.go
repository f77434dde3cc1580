// pulumi-language-nodejs, the part of Pulumi's Node.js language host this project uses:
// run a program (with the runtime options typescript, nodeargs and tsconfig), interrupt it when the
// update is cancelled, generate an SDK, install dependencies. Node talks to the engine's resource monitor directly, so every method
// the engine knows is available to the program.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// alreadyReported is the exit code of @pulumi/pulumi/cmd/run when the user has seen the error.
const alreadyReported = 32

// graceOfProgram is for how long an interrupted program may still run.
const graceOfProgram = 5 * time.Second

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine    string
	cancelled context.Context
	cancel    context.CancelFunc
}

func newHost(engine string) *host {
	cancelled, cancel := context.WithCancel(context.Background())
	return &host{engine: engine, cancelled: cancelled, cancel: cancel}
}

// Cancel is what the engine calls at the user's first Ctrl-C, which reaches no plugin by itself.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancel()
	return &emptypb.Empty{}, nil
}

func (h *host) Handshake(_ context.Context, r *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = r.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPackages lists the provider packages in node_modules. Without it the engine records the
// version of a parameterized SDK as its provider's, and the second update changes it.
func (*host) GetRequiredPackages(_ context.Context, r *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	res := &pulumirpc.GetRequiredPackagesResponse{}
	modules := filepath.Join(r.Info.ProgramDirectory, "node_modules")
	for _, pattern := range []string{"*/package.json", "@*/*/package.json"} {
		found, err := filepath.Glob(filepath.Join(modules, pattern))
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			raw, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			var pkg struct {
				Name, Version string
				Pulumi        struct {
					Resource         bool
					Name, Version    string
					Server           string
					Parameterization *struct {
						Name, Version string
						Value         []byte
					}
				}
			}
			// Fields of other packages may have other shapes: only a readable "pulumi" block counts.
			if json.Unmarshal(raw, &pkg) != nil || !pkg.Pulumi.Resource {
				continue
			}
			dep := &pulumirpc.PackageDependency{
				Name: pkg.Pulumi.Name, Version: pkg.Pulumi.Version, Kind: "resource", Server: pkg.Pulumi.Server,
			}
			if dep.Name == "" {
				dep.Name = pkg.Name[strings.LastIndex(pkg.Name, "/")+1:]
			}
			if dep.Version == "" {
				dep.Version = pkg.Version
			}
			if p := pkg.Pulumi.Parameterization; p != nil {
				dep.Parameterization = &pulumirpc.PackageParameterization{Name: p.Name, Version: p.Version, Value: p.Value}
			}
			res.Packages = append(res.Packages, dep)
		}
	}
	return res, nil
}

// options are `runtime.options` of Pulumi.yaml, as far as they say how to run a program.
type options struct {
	typescript bool
	nodeargs   []string
	tsconfig   string
}

func parseOptions(raw map[string]any) (options, error) {
	opts := options{typescript: true}
	for key, value := range raw {
		var ok bool
		want := "a string"
		switch key {
		case "typescript":
			want = "a boolean"
			opts.typescript, ok = value.(bool)
		case "nodeargs":
			var args string
			args, ok = value.(string)
			opts.nodeargs = strings.Fields(args)
		case "tsconfig":
			opts.tsconfig, ok = value.(string)
		default: // packagemanager and whatever comes: not about running.
			continue
		}
		if !ok {
			return opts, fmt.Errorf("Pulumi.yaml: runtime.options.%s must be %s, got %v", key, want, value)
		}
	}
	return opts, nil
}

func (h *host) Run(ctx context.Context, r *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	opts, err := parseOptions(r.Info.Options.AsMap())
	if err != nil {
		return nil, err
	}
	dir := r.Info.ProgramDirectory
	find := exec.CommandContext(ctx, "node", "-p", `require.resolve("@pulumi/pulumi/cmd/run")`)
	find.Dir = dir
	run, err := find.Output()
	if err != nil {
		return &pulumirpc.RunResponse{Error: "@pulumi/pulumi is not installed in " + dir + ": run npm ci"}, nil
	}
	args := append(opts.nodeargs, strings.TrimSpace(string(run)))
	for _, kv := range [][2]string{
		{"monitor", r.MonitorAddress}, {"engine", h.engine}, {"organization", r.Organization}, {"project", r.Project},
		{"root-directory", r.Info.RootDirectory}, {"stack", r.Stack}, {"pwd", dir}, {"parallel", strconv.Itoa(int(r.Parallel))},
	} {
		if kv[1] != "" {
			args = append(args, "--"+kv[0], kv[1])
		}
	}
	if r.DryRun {
		args = append(args, "--dry-run")
	}
	args = append(append(args, r.Info.EntryPoint), r.Args...)

	cfg := map[string]string{}
	for k, v := range r.Config {
		key, err := config.ParseKey(k)
		if err != nil {
			return nil, err
		}
		cfg[key.Namespace()+":config:"+key.Name()] = v
	}
	cfgJSON, err := json.Marshal(cfg)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(append([]string{}, r.ConfigSecretKeys...))
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(h.cancelled)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	cmd := exec.CommandContext(running, "node", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = graceOfProgram
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "PULUMI_CONFIG="+string(cfgJSON), "PULUMI_CONFIG_SECRET_KEYS="+string(secrets))
	if opts.typescript {
		cmd.Env = append(cmd.Env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if opts.tsconfig != "" {
		cmd.Env = append(cmd.Env, "PULUMI_NODEJS_TSCONFIG_PATH="+opts.tsconfig)
	}
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == alreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: "node: " + err.Error()}, nil
	}
}

func (*host) GeneratePackage(_ context.Context, r *pulumirpc.GeneratePackageRequest) (*pulumirpc.GeneratePackageResponse, error) {
	client, err := schema.NewLoaderClient(r.LoaderTarget)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	loader := schema.NewCachedLoader(client)
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(r.Schema), &spec); err != nil {
		return nil, err
	}
	pkg, diags, err := schema.BindSpec(spec, loader, schema.ValidationOptions{AllowDanglingReferences: true})
	if err != nil {
		return nil, err
	}
	res := &pulumirpc.GeneratePackageResponse{Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(diags)}
	if diags.HasErrors() {
		return res, nil
	}
	files, err := nodejs.GeneratePackage("pulumi-language-nodejs", pkg, r.ExtraFiles, r.LocalDependencies, r.Local, loader)
	if err != nil {
		return nil, err
	}
	for name, data := range files {
		p := filepath.Join(r.Directory, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			return nil, err
		}
	}
	return res, nil
}

func (*host) InstallDependencies(r *pulumirpc.InstallDependenciesRequest, s pulumirpc.LanguageRuntime_InstallDependenciesServer) error {
	cmd := exec.CommandContext(s.Context(), "npm", "ci")
	cmd.Dir = r.Info.ProgramDirectory
	out, err := cmd.CombinedOutput()
	return errors.Join(err, s.Send(&pulumirpc.InstallDependenciesResponse{Stdout: out}))
}

func main() {
	// The engine passes -root, -tracing and the like, then its own address.
	engine := ""
	if last := os.Args[len(os.Args)-1]; len(os.Args) > 1 && !strings.HasPrefix(last, "-") {
		engine = last
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cancel := make(chan bool)
	go func() { <-ctx.Done(); close(cancel) }()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(srv *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(srv, newHost(engine))
			return nil
		},
	})
	if err == nil {
		fmt.Println(handle.Port)
		err = <-handle.Done
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
