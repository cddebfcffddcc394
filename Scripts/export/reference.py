"""What diffusers' StableDiffusionPipeline makes of given identities and noise. For tests."""

from dataclasses import dataclass

import diffusers
import diffusers.schedulers.scheduling_lcm as lcm
import torch

import description
import traced


@dataclass(frozen=True)
class Drive:
    """How a pipeline is driven."""

    scheduler: str  # dpm, lcm or ddim
    steps: int
    guidance: float
    strength: float | None = None  # factor on Δ; None is no Δ

    def __str__(self):
        offset = "" if self.strength is None else f", Δ × {self.strength}"
        return f"{self.scheduler}, {self.steps} steps, guidance {self.guidance}{offset}"


class Reference:
    def __init__(self, models, prompt):
        text, unet, vae = models
        self.text, self.prompt = text, prompt
        self.encoder = traced.Published(text, prompt)
        self.pipeline = diffusers.StableDiffusionPipeline(
            vae=vae,
            text_encoder=text,
            tokenizer=None,
            unet=unet,
            scheduler=diffusers.PNDMScheduler.from_config(description.SCHEDULER),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
        self.pipeline.set_progress_bar_config(disable=True)

    def conditioning(self, identities):
        with torch.no_grad():
            return self.encoder(identities)

    def offset(self, seed):
        """A Δ between two groups of random identities, in conditioning space."""
        random = torch.Generator().manual_seed(seed)
        width = 16
        groups = [torch.randn(12, width, generator=random) + shift for shift in (0.6, -0.6)]
        first, second = (
            self.conditioning(torch.nn.functional.normalize(group, dim=1)).mean(0)
            for group in groups
        )
        delta = first - second
        delta[: self.prompt.placeholder] = 0
        return delta

    @torch.no_grad()
    def make(self, drive, identities, noise, delta):
        """(latents, decoded images, 8-bit pictures, noise drawn between steps)."""
        count = len(identities)
        conditioning = self.conditioning(identities)
        if drive.strength is not None:
            conditioning = conditioning + drive.strength * delta
        empty = traced.empty_conditioning(self.text, self.prompt).expand(count, -1, -1)
        self.pipeline.scheduler = description.scheduler(drive.scheduler, None)
        drawn, original = [], lcm.randn_tensor

        def recorded(*words, **more):
            drawn.append(original(*words, **more))
            return drawn[-1]

        lcm.randn_tensor = recorded
        try:
            latents = self.pipeline(
                prompt_embeds=conditioning,
                negative_prompt_embeds=empty,
                latents=noise.clone(),
                num_inference_steps=drive.steps,
                guidance_scale=drive.guidance,
                generator=torch.Generator().manual_seed(5),
                output_type="latent",
            ).images
        finally:
            lcm.randn_tensor = original
        vae = self.pipeline.vae
        images = vae.decode(latents / vae.config.scaling_factor, return_dict=False)[0]
        pictures = self.pipeline.image_processor.postprocess(images, output_type="pil")
        return latents.numpy(), images.numpy(), pictures, drawn
