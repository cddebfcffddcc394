"""The peer of `d2r-curate serve`: faiss-cpu's Flat index behind FastAPI and uvicorn, as one would write it.

    peer_server.py INDEX PORT            one search per request, in FastAPI's threads
    peer_server.py INDEX PORT --batch    requests that wait are searched together: a stronger peer

Takes the same body and gives hits in the same form as POST /api/v1/search of the daemon.
"""

import asyncio
import contextlib
import sys

import faiss
import numpy as np
import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

THREADS = 2


class Request(BaseModel):
    vector: list[float]
    space: str
    count: int = 10


def answer(similarities, labels):
    hits = [
        {"image": {"id": int(label), "path": str(label)}, "similarity": float(similarity)}
        for similarity, label in zip(similarities, labels)
    ]
    return {"space": "identity", "engine": "faiss", "isExact": True, "hits": hits}


def query(request, width):
    if len(request.vector) != width:
        raise HTTPException(422, f"{len(request.vector)} values, and the index is {width} wide")
    vector = np.asarray(request.vector, "f4")[None]
    faiss.normalize_L2(vector)
    return vector


class Batches:
    """Searches everything that waits in one call, one call at a time."""

    def __init__(self, index):
        self.index, self.waiting = index, []

    async def work(self):
        self.came = asyncio.Event()
        while True:
            await self.came.wait()
            self.came.clear()
            taken, self.waiting = self.waiting, []
            vectors = np.concatenate([vector for vector, _, _ in taken])
            most = max(count for _, count, _ in taken)
            found = await asyncio.to_thread(self.index.search, vectors, most)
            for row, (_, count, future) in enumerate(taken):
                future.set_result((found[0][row, :count], found[1][row, :count]))
            if self.waiting:
                self.came.set()

    async def search(self, vector, count):
        future = asyncio.get_running_loop().create_future()
        self.waiting.append((vector, count, future))
        self.came.set()
        return await future


def main():
    faiss.omp_set_num_threads(THREADS)
    index = faiss.read_index(sys.argv[1])
    batches = Batches(index) if "--batch" in sys.argv else None

    @contextlib.asynccontextmanager
    async def lifespan(_):
        task = asyncio.create_task(batches.work()) if batches else None
        yield
        if task:
            task.cancel()

    app = FastAPI(lifespan=lifespan)
    if batches:
        @app.post("/api/v1/search")
        async def search(request: Request):
            return answer(*await batches.search(query(request, index.d), request.count))
    else:
        @app.post("/api/v1/search")
        def search(request: Request):
            similarities, labels = index.search(query(request, index.d), request.count)
            return answer(similarities[0], labels[0])

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
