"""Export jobs: a vendor is asked for a file, cooks it for a while, and hands out a link to it.

    Request   what one job is to export
    JobApi    a vendor's calls for jobs: ask for one, look how it is
    Order     one window that is wanted: its job, its tries, and in the end its file or its failure
    Plan      the orders of one kind of export, oldest first, and who reads them
    JobQueue  works on all plans of one vendor, a little at a time, whenever somebody waits

Everything runs in one thread: `JobQueue.work` is called between the calls of other streams and while any of them
waits, does what is due, and says when it wants to be called again.
"""
