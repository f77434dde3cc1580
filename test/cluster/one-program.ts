/**
 * Loaded before @pulumi/pulumi. A process of the Automation API may run several programs at once and separates their
 * state by asynchronous contexts, but the engine calls hooks outside of them. A language host runs one program at a
 * time, so here everything in the process belongs to that program, as in the process that the CLI starts.
 */
interface Store {
  resourcePackages: unknown;
  resourceModules: unknown;
}

const shared = globalThis as { globalStore?: Store; asyncLocalStorage?: unknown };

shared.asyncLocalStorage = {
  getStore: () => shared.globalStore,
  run: <Result>(store: Store, act: () => Result): Result => {
    // The program's packages registered their resources when they were loaded.
    if (shared.globalStore !== undefined) {
      store.resourcePackages = shared.globalStore.resourcePackages;
      store.resourceModules = shared.globalStore.resourceModules;
    }
    shared.globalStore = store;
    return act();
  },
};
