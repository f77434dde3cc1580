/**
 * Loaded before @pulumi/pulumi. A process of the Automation API may run several programs at once, and keeps apart what each is told in
 * asynchronous contexts, which the engine's calls of hooks are outside of. A language host runs one program at a time, and this is the
 * one for which everything in the process acts, as in the process that the CLI starts.
 */
interface Store {
  resourcePackages: unknown;
  resourceModules: unknown;
}

const shared = globalThis as { globalStore?: Store; asyncLocalStorage?: unknown };

shared.asyncLocalStorage = {
  getStore: () => shared.globalStore,
  run: <Result>(store: Store, act: () => Result): Result => {
    // The program's packages have registered their resources when they were loaded.
    if (shared.globalStore !== undefined) {
      store.resourcePackages = shared.globalStore.resourcePackages;
      store.resourceModules = shared.globalStore.resourceModules;
    }
    shared.globalStore = store;
    return act();
  },
};
