/** Starts the studio. */
import { render } from "preact";
import { startEngine } from "./engine/index.ts";
import { App, Store } from "./playground/index.ts";
import "./style/index.css";

const store = new Store(startEngine(), location.hash);
addEventListener("hashchange", () => store.follow(location.hash));
const root = document.getElementById("studio");
if (root !== null) render(<App store={store} />, root);
