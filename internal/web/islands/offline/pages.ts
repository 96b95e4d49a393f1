// What is kept for the yard: <offline-keep> asks the service worker for pages,
// <offline-pages> lists those that it has.
import { owner } from "./send";

// keep asks the service worker, once it works, to keep pages and pictures.
async function keep(addresses: string[]): Promise<void> {
	const worker = await navigator.serviceWorker?.ready;
	worker?.active?.postMessage({ keep: addresses });
}

// keepThis keeps the page itself and its pictures. A worker that saw the page come has
// kept it already; the first visit is before the worker.
function keepThis(): void {
	const pictures = [...document.querySelectorAll<HTMLImageElement>("main img")].map((img) => img.src);
	void keep([...(navigator.serviceWorker?.controller ? [] : [location.href]), ...pictures]);
}

if (owner() && navigator.serviceWorker) {
	void navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
	keepThis();
}

class OfflineKeep extends HTMLElement {
	connectedCallback(): void {
		void keep(JSON.parse(this.dataset.pages ?? "[]") as string[]);
	}
}

// The list is made in the page: which pages are kept changes, the page that lists them is
// kept itself.
class OfflinePages extends HTMLElement {
	async connectedCallback(): Promise<void> {
		const cache = "caches" in window && (await caches.has("pages")) ? await caches.open("pages") : undefined;
		const list = document.createElement("ul");
		for (const request of (await cache?.keys()) ?? []) {
			const answer = await cache?.match(request, { ignoreVary: true });
			if (answer?.headers.get("Content-Type")?.startsWith("text/html")) {
				list.append(row(request.url, new DOMParser().parseFromString(await answer.text(), "text/html").title));
			}
		}
		if (list.childElementCount > 0) {
			this.querySelector<HTMLElement>("[hidden]")?.removeAttribute("hidden");
			this.append(list);
		}
	}
}

function row(url: string, title: string): HTMLLIElement {
	const link = document.createElement("a");
	link.href = url;
	link.textContent = title || new URL(url).pathname;
	const item = document.createElement("li");
	item.append(link);
	return item;
}

customElements.define("offline-keep", OfflineKeep);
customElements.define("offline-pages", OfflinePages);
