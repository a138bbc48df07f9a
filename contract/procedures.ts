import { comparisonProcedures, providerProcedures } from './procedures/comparison-procedures.ts';
import { dataDiffProcedures } from './procedures/data-diff-procedures.ts';
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

/** Written out, so that the types of a group are read where they stand and not copied into everything that names the whole. */
export type Contract = {
  readonly engine: typeof engineProcedures;
  readonly jobs: typeof jobProcedures;
  readonly runs: typeof runProcedures;
  readonly mainJobs: typeof mainJobProcedures;
  readonly drafts: typeof draftProcedures;
  readonly datasets: typeof datasetProcedures;
  readonly foundry: typeof foundryProcedures;
  readonly scripts: typeof scriptProcedures;
  readonly domains: typeof domainProcedures;
  readonly dataDiffs: typeof dataDiffProcedures;
  readonly dataExports: typeof dataExportProcedures;
  readonly documents: typeof documentProcedures;
  readonly models: typeof modelProcedures;
  readonly machines: typeof machineProcedures;
  readonly environments: typeof environmentProcedures;
  readonly baseModels: typeof baseModelProcedures;
  readonly serving: typeof servingProcedures;
  readonly deployments: typeof deploymentProcedures;
  readonly comparisons: typeof comparisonProcedures;
  readonly providers: typeof providerProcedures;
  readonly settings: typeof settingsProcedures;
  readonly storage: typeof storageProcedures;
  readonly network: typeof networkProcedures;
  readonly logs: typeof logProcedures;
  readonly about: typeof aboutProcedures;
  readonly secrets: typeof secretProcedures;
};

/** The whole surface of the engine. Verbs are domain verbs. */
export const contract: Contract = {
  engine: engineProcedures,
  jobs: jobProcedures,
  runs: runProcedures,
  mainJobs: mainJobProcedures,
  drafts: draftProcedures,
  datasets: datasetProcedures,
  foundry: foundryProcedures,
  scripts: scriptProcedures,
  domains: domainProcedures,
  dataDiffs: dataDiffProcedures,
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
