/** Folders of Forge's own beside the datasets. */
const ownFolders = ['uploads', 'hub', 'joined', 'kept', 'documents'];
/** Windows gives these to devices, whatever the ending behind them. A home may move to such a machine. */
const devices = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;

/** Names that fit the rule of `datasetName` and can still be no dataset. */
export function isReservedDatasetName(name: string): boolean {
  return ownFolders.includes(name) || devices.test(name) || name.endsWith('.');
}
