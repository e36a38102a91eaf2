export { endEvent, header, type Setting, scalars, settingsEvent } from "./events";
