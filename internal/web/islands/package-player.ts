// <package-player> plays a unit of SCORM. The unit runs in a frame of another origin
// (package-frame.ts), which tells by messages what is to be kept; this element sends it to
// the server, in order, again until it has arrived, and once more when the page is left.

type Message = { tidewaiter: string; [key: string]: unknown };
type Commit = Record<string, unknown> & { ended: boolean; navigate?: string };

class PackagePlayer extends HTMLElement {
	#frame!: HTMLIFrameElement;
	#sequence = 0;
	#waiting: Commit | null = null; // what has not been sent yet; a later one says it all
	#sending: Promise<void> | null = null;
	#left: (() => void) | null = null;

	connectedCallback(): void {
		this.#frame = this.querySelector("iframe")!;
		this.#sequence = Number(this.dataset.sequence);
		window.addEventListener("message", this.#hear);
		window.addEventListener("pagehide", this.#hide);
		for (const form of this.querySelectorAll<HTMLFormElement>("form[data-leave], form[data-go]")) {
			form.addEventListener("submit", (event) => {
				event.preventDefault();
				void this.#leave(form);
			});
		}
	}

	disconnectedCallback(): void {
		window.removeEventListener("message", this.#hear);
		window.removeEventListener("pagehide", this.#hide);
	}

	#hear = (event: MessageEvent<Message>): void => {
		if (event.source !== this.#frame.contentWindow || event.origin !== this.dataset.origin) {
			return;
		}
		switch (event.data?.tidewaiter) {
			case "ready":
				this.#tell({ tidewaiter: "begin", settings: JSON.parse(this.dataset.settings!) });
				break;
			case "commit":
				this.#waiting = event.data.commit as Commit;
				void this.#save();
				break;
			case "left":
				this.#left?.();
				break;
		}
	};

	#tell(message: Message): void {
		this.#frame.contentWindow?.postMessage(message, this.dataset.origin!);
	}

	// #save sends what waits, one after the other.
	async #save(): Promise<void> {
		this.#sending ??= this.#send().finally(() => (this.#sending = null));
		await this.#sending;
	}

	async #send(): Promise<void> {
		for (let pause = 1000; this.#waiting; ) {
			const commit = this.#waiting;
			this.#waiting = null;
			const answer = await fetch(this.dataset.state!, this.#request(commit)).catch(() => null);
			if (answer?.ok) {
				this.#say(commit.ended ? this.dataset.ended : this.dataset.saved);
				pause = 1000;
				if (commit.ended && commit.navigate) {
					this.#go(commit.navigate);
				}
			} else if (answer && answer.status < 500) { // it will not be taken later either
				this.#say(this.dataset.unsaved);
				return;
			} else {
				this.#waiting ??= commit;
				this.#say(this.dataset.unsaved);
				await new Promise((wait) => setTimeout(wait, pause));
				pause = Math.min(2 * pause, 30_000);
			}
		}
	}

	#request(commit: Commit): RequestInit {
		const body = JSON.stringify({ ...commit, sequence: ++this.#sequence });
		// Browsers let 64 KiB go on after the page has gone.
		return { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body, keepalive: body.length < 60_000 };
	}

	#say(text: string | undefined): void {
		this.querySelector("[data-status]")!.textContent = text ?? "";
	}

	// #leave lets the unit end, saves, and sends the form.
	async #leave(form: HTMLFormElement): Promise<void> {
		const left = new Promise<void>((done) => (this.#left = done));
		this.#tell({ tidewaiter: "leave" });
		await Promise.race([left, new Promise((wait) => setTimeout(wait, 2000))]);
		await Promise.race([this.#save(), new Promise((wait) => setTimeout(wait, 5000))]);
		form.submit();
	}

	// #go follows the unit's own wish to be left (adl.nav.request).
	#go(where: string): void {
		const form = this.querySelector<HTMLFormElement>(`form[data-go="${where}"]`) ?? this.querySelector<HTMLFormElement>("form[data-leave]");
		form?.submit();
	}

	#hide = (): void => {
		if (this.#waiting) {
			void fetch(this.dataset.state!, this.#request(this.#waiting));
		}
	};
}

customElements.define("package-player", PackagePlayer);
