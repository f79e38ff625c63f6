/**
 * The frame around the parts of the studio: `app.tsx` is the page, `parts.ts` fetches what is opened, `header.tsx`, `share.tsx`,
 * `notices.tsx` and `keys.ts` hold in all of them; `address.ts` keeps the address and the state together.
 */
export { followAddress } from "./address.ts";
export { App } from "./app.tsx";
