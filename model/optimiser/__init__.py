"""Which plan is best?"""
