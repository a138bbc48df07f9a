import { comparisonProcedures, providerProcedures } from './procedures/comparison-procedures.ts';
import { dataExportProcedures } from './procedures/data-export-procedures.ts';
import { datasetProcedures } from './procedures/dataset-procedures.ts';
import { documentProcedures } from './procedures/document-procedures.ts';
import { domainProcedures } from './procedures/domain-procedures.ts';
import { engineProcedures } from './procedures/engine-procedures.ts';
import { foundryProcedures } from './procedures/foundry-procedures.ts';
import { jobProcedures, runProcedures } from './procedures/job-procedures.ts';
import { logProcedures } from './procedures/log-procedures.ts';
import { environmentProcedures, machineProcedures } from './procedures/machine-procedures.ts';
import { draftProcedures, mainJobProcedures } from './procedures/main-job-procedures.ts';
import { baseModelProcedures, deploymentProcedures, modelProcedures } from './procedures/model-procedures.ts';
import { scriptProcedures } from './procedures/script-procedures.ts';
import { servingProcedures } from './procedures/serving-procedures.ts';
import {
  aboutProcedures,
  networkProcedures,
  secretProcedures,
  settingsProcedures,
  storageProcedures,
} from './procedures/settings-procedures.ts';

/** The whole surface of the engine. Verbs are domain verbs. */
export const contract = {
  engine: engineProcedures,
  jobs: jobProcedures,
  runs: runProcedures,
  mainJobs: mainJobProcedures,
  drafts: draftProcedures,
  datasets: datasetProcedures,
  foundry: foundryProcedures,
  scripts: scriptProcedures,
  domains: domainProcedures,
  dataExports: dataExportProcedures,
  documents: documentProcedures,
  models: modelProcedures,
  machines: machineProcedures,
  environments: environmentProcedures,
  baseModels: baseModelProcedures,
  serving: servingProcedures,
  deployments: deploymentProcedures,
  comparisons: comparisonProcedures,
  providers: providerProcedures,
  settings: settingsProcedures,
  storage: storageProcedures,
  network: networkProcedures,
  logs: logProcedures,
  about: aboutProcedures,
  secrets: secretProcedures,
};
export type Contract = typeof contract;
