/** What a call fetches of this folder, at once: every file that is fetched apart costs the call's first page its name. */
export { ViewDoor } from './ViewDoor';
export { ViewPanel } from './ViewPanel';
export { ViewStage } from './ViewStage';
export { ViewTools } from './ViewTools';
