// <upload-progress> around a form with files: dropped files go into its file field, and
// sending shows how far it is and can be cancelled. The server's answer to the form is
// followed as the browser would. Without scripts it is a plain form.

class UploadProgress extends HTMLElement {
	#request: XMLHttpRequest | null = null;

	connectedCallback(): void {
		const form = this.querySelector("form");
		const field = this.querySelector<HTMLInputElement>("input[type=file]");
		if (!form || !field) {
			return;
		}
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			this.#send(form, field);
		});
		this.#takeDrops(form.querySelector<HTMLElement>(".drop") ?? form, field);
	}

	disconnectedCallback(): void {
		this.#request?.abort();
	}

	#takeDrops(zone: HTMLElement, field: HTMLInputElement): void {
		for (const name of ["dragenter", "dragover"]) {
			zone.addEventListener(name, (event) => {
				event.preventDefault();
				zone.classList.add("drop-over");
			});
		}
		zone.addEventListener("dragleave", () => zone.classList.remove("drop-over"));
		zone.addEventListener("drop", (event) => {
			event.preventDefault();
			zone.classList.remove("drop-over");
			const files = (event as DragEvent).dataTransfer?.files;
			if (files?.length) {
				field.files = field.multiple ? files : first(files);
				field.dispatchEvent(new Event("change", { bubbles: true }));
			}
		});
	}

	#send(form: HTMLFormElement, field: HTMLInputElement): void {
		if (this.#request) {
			return;
		}
		const name = [...(field.files ?? [])].map((f) => f.name).join(", ");
		const state = this.#panel(form, (this.dataset.sending ?? "{Name}").replace("{Name}", name));
		const request = new XMLHttpRequest();
		this.#request = request;
		request.upload.addEventListener("progress", (e) => {
			if (e.lengthComputable) {
				state.bar.max = e.total;
				state.bar.value = e.loaded;
			}
		});
		request.upload.addEventListener("load", () => {
			state.text.textContent = this.dataset.done ?? "";
			state.cancel.remove();
		});
		const over = (text: string) => {
			this.#request = null;
			state.text.textContent = text;
			state.bar.remove();
			state.cancel.remove();
		};
		request.addEventListener("load", () => {
			this.#request = null;
			follow(request);
		});
		request.addEventListener("error", () => over(this.dataset.failed ?? ""));
		request.addEventListener("abort", () => over(this.dataset.cancelled ?? ""));
		state.cancel.addEventListener("click", () => request.abort());
		request.open("POST", form.action);
		request.setRequestHeader("Accept", "text/html");
		request.send(new FormData(form));
	}

	#panel(form: HTMLFormElement, label: string): { text: HTMLElement; bar: HTMLProgressElement; cancel: HTMLButtonElement } {
		this.querySelector(".sending")?.remove();
		const panel = document.createElement("div");
		panel.className = "sending";
		panel.setAttribute("role", "status");
		const text = document.createElement("p");
		text.textContent = label;
		const line = document.createElement("div");
		line.className = "progress-line";
		const bar = document.createElement("progress");
		bar.setAttribute("aria-label", label);
		const cancel = document.createElement("button");
		cancel.type = "button";
		cancel.className = "btn";
		cancel.textContent = this.dataset.cancel ?? "";
		line.append(bar, cancel);
		panel.append(text, line);
		form.after(panel);
		return { text, bar, cancel };
	}
}

function first(files: FileList): FileList {
	const one = new DataTransfer();
	one.items.add(files[0]);
	return one.files;
}

// follow shows the answer: where a redirect led, or the page that came (a form with its
// errors, which has no address of its own).
function follow(request: XMLHttpRequest): void {
	const page = new DOMParser().parseFromString(request.responseText, "text/html");
	const main = page.querySelector("main");
	if (request.status < 400 || !main) {
		location.assign(request.responseURL);
		return;
	}
	document.title = page.title;
	document.querySelector("main")?.replaceWith(document.adoptNode(main));
	document.querySelector<HTMLElement>("[role=alert]")?.focus();
	window.scrollTo(0, 0);
}

customElements.define("upload-progress", UploadProgress);
