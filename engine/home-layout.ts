import path from 'node:path';

/** Where everything lives under FORGE_HOME; laid out for people to read (docs/architecture.md). */
export interface HomeLayout {
  readonly home: string;
  readonly database: string;
  readonly runs: string;
  readonly models: string;
  readonly baseModels: string;
  readonly environments: string;
  readonly logs: string;
  readonly engineLog: string;
  readonly store: string;
  readonly datasets: string;
  /** Work on datasets that takes its time; a folder each. */
  readonly foundry: string;
  /** Scripts over datasets that ran, by name and digest. */
  readonly scripts: string;
  /** Domain packs of the person's own: `<id>.json`. */
  readonly domains: string;
  readonly drafts: string;
  readonly configuration: string;
  readonly engineFile: string;
  /** Which versions names give, and whether a key is asked for. */
  readonly servingFile: string;
  readonly modelVersion: (name: string, version: number) => string;
  readonly baseModel: (id: string) => string;
}

export function homeLayout(home: string): HomeLayout {
  const models = path.join(home, 'models');
  const baseModels = path.join(home, 'base-models');
  return {
    home,
    database: path.join(home, 'db', 'forge.db'),
    runs: path.join(home, 'runs'),
    models,
    baseModels,
    environments: path.join(home, 'envs'),
    logs: path.join(home, 'logs'),
    engineLog: path.join(home, 'logs', 'engine.log'),
    store: path.join(home, 'store'),
    datasets: path.join(home, 'datasets'),
    foundry: path.join(home, 'foundry'),
    scripts: path.join(home, 'scripts'),
    domains: path.join(home, 'domains'),
    drafts: path.join(home, 'drafts'),
    configuration: path.join(home, 'config.toml'),
    engineFile: path.join(home, 'engine.json'),
    servingFile: path.join(home, 'serving.json'),
    modelVersion: (name, version) => path.join(models, name, `v${version}`),
    baseModel: (id) => path.join(baseModels, folderName(id)),
  };
}

/** Ids of base models may hold slashes (hub ids, paths); a folder name may not. */
function folderName(id: string): string {
  return id.replace(/[^A-Za-z0-9._-]+/g, '--').slice(-120);
}
