/** Starts the studio. */
import { render } from "preact";
import { App, followAddress } from "./app/index.ts";
import { startEngine } from "./engine/index.ts";
import { Store } from "./store/index.ts";
import "./style/index.css";

const store = new Store(startEngine(), location.hash);
followAddress(store);
const root = document.getElementById("studio");
if (root !== null) render(<App store={store} />, root);
