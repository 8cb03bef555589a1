export { ContentView } from './contentView';
